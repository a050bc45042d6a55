#include "model/state/time_zone.hpp"

namespace asaemu {

namespace {

using std::chrono::sys_days;

int year_of(CalendarTime time) {
  return int{std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time)).year()};
}

}  // namespace

CalendarTime day_in_year(const TimeZone::YearlyDay& day, int year) {
  const std::chrono::year y(year);
  const std::chrono::month m(day.month);
  const std::chrono::weekday w(day.weekday);
  const sys_days date = day.week == TimeZone::kLastWeek ? sys_days(y / m / w[std::chrono::last])
                                                        : sys_days(y / m / w[day.week]);
  return date + day.time;
}

TimeZone::Local TimeZone::local_in_detail(CalendarTime utc) const {
  const SummerTime& summer = *summer_;
  const CalendarTime standard = utc + ahead_;
  const int year = year_of(standard);
  const CalendarTime begin = summer.is_recurring ? day_in_year(summer.first, year) : summer.begin;
  const CalendarTime end =
      (summer.is_recurring ? day_in_year(summer.last, year) : summer.end) - summer.ahead;
  // South of the equator summer time goes over the turn of the year.
  const bool is_summer =
      begin <= end ? standard >= begin && standard < end : standard >= begin || standard < end;
  return is_summer ? Local{standard + summer.ahead, summer.name} : Local{standard, name_};
}

CalendarTime TimeZone::to_utc(CalendarTime local_time) const {
  if (summer_) {
    const CalendarTime early = local_time - ahead_ - summer_->ahead;
    if (local(early).time == local_time) return early;
  }
  return local_time - ahead_;
}

}  // namespace asaemu
