// Scales a scenario's own mix to a total.
#pragma once

#include "emulator/scenario/plan.hpp"

namespace asaemu {

/// The stimuli a second that the steps with a rate, on all their devices, come to on average: from
/// the first one's beginning to the last one's end, by the exact integrals of their shapes. Steps with
/// a `count` are not part of it, they are a number and no load; neither are steps with `every`.
/// `start` is the devices' clock at the start, on which diurnal rates depend. 0 if there is none.
double average_load(const Plan& plan, CalendarTime start);

/// Multiplies every rate of average_load() by one factor, so that it is `per_second`: the mix keeps its
/// proportions and its shape. What is wrong, or an empty string.
std::string scale_load(Plan& plan, double per_second, CalendarTime start);

}  // namespace asaemu
