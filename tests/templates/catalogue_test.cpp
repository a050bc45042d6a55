// The whole catalogue: complete, and every wording prints what it reads.
#include "model/base/catalogue.hpp"

#include "model/base/values.hpp"
#include "test_paths.hpp"

#include <catch2/catch.hpp>

#include <charconv>
#include <fstream>
#include <map>
#include <set>
#include <string>

using namespace asaemu;

namespace {

const Catalogue& catalogue() {
  static const Catalogue instance;
  return instance;
}

struct Form {
  const MessageType* type;
  const Wording* wording;
};

/// Every wording that has an example.
std::vector<Form> forms_with_examples() {
  std::vector<Form> forms;
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    const MessageType& type = catalogue().at(i);
    forms.push_back({&type, &type.current()});
    if (type.older() != nullptr) forms.push_back({&type, type.older()});
    for (const auto& form : type.accepts()) {
      if (!form.def().example.empty()) forms.push_back({&type, &form});
    }
  }
  return forms;
}

}  // namespace

TEST_CASE("every id of 400000 to 450002 is there, 225 single ones and 51 signatures") {
  std::set<std::uint32_t> signatures;
  std::set<std::uint32_t> single;
  std::set<std::uint32_t> others;
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    const std::uint32_t id = catalogue().at(i).id();
    if (id < 400000) {
      others.insert(id);
      continue;
    }
    REQUIRE(id <= 450002);
    (id <= 400050 ? signatures : single).insert(id);
  }
  REQUIRE(signatures.size() == 51);
  REQUIRE(single.size() == 225);
  REQUIRE(others == std::set<std::uint32_t>{111008, 111009, 111010, 201008});
  REQUIRE(catalogue().size() == 274 + 51 + others.size());
}

TEST_CASE("ids with several texts have all of them") {
  const std::map<std::uint32_t, std::size_t> expected{
      {402124, 2}, {405101, 2}, {405102, 2},  {413005, 2}, {418018, 4}, {419003, 2},
      {421001, 2}, {426004, 2}, {444303, 22}, {444304, 2}, {444305, 6}, {444306, 13}};
  std::map<std::uint32_t, std::size_t> counted;
  for (std::size_t i = 0; i < catalogue().size(); ++i) ++counted[catalogue().at(i).id()];
  for (const auto& [id, texts] : counted) {
    const auto several = expected.find(id);
    INFO(id);
    REQUIRE(texts == (several == expected.end() ? 1 : several->second));
  }
  const auto urgent = catalogue().find(419003);
  REQUIRE(urgent[0]->current().severity() == 4);
  REQUIRE(urgent[1]->current().severity() == 7);
}

TEST_CASE("every signature also has its older IDS form") {
  for (std::uint32_t id = 400000; id <= 400050; ++id) {
    const auto types = catalogue().find(id);
    REQUIRE(types.size() == 1);
    REQUIRE(types[0]->current().def().text.starts_with("IPS:"));
    REQUIRE(types[0]->older() != nullptr);
    REQUIRE(types[0]->older()->def().text.starts_with("IDS:"));
  }
}

TEST_CASE("the wordings in which the older guide differs are there") {
  const std::set<std::string_view> expected{"434004", "444004", "444005", "444007", "444100",
                                            "444106", "444109", "444110", "444111"};
  std::set<std::string> found;
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    const MessageType& type = catalogue().at(i);
    if (type.older() != nullptr && type.id() >= 434004) found.insert(std::to_string(type.id()));
  }
  REQUIRE(found == std::set<std::string>(expected.begin(), expected.end()));
}

TEST_CASE("every example in every wording parses into typed fields and prints back byte for byte") {
  for (const Form& form : forms_with_examples()) {
    const auto example = form.wording->def().example;
    INFO(form.type->id() << " " << form.type->name() << ": " << example);
    REQUIRE_FALSE(example.empty());
    const auto values = parse_text(*form.wording, *form.type, example);
    REQUIRE(values.has_value());
    for (std::size_t field = 0; field < values->size(); ++field) {
      REQUIRE((*values)[field].has_value() == form.wording->uses(field));
    }
    REQUIRE(print_text(*form.wording, *form.type, *values) == example);
  }
}

TEST_CASE("a typed struct renders every example as the text printer does") {
  std::vector<char> buffer(kTextMax + kRenderSlack);
  for (const Form& form : forms_with_examples()) {
    const auto example = form.wording->def().example;
    INFO(form.type->id() << " " << form.type->name() << ": " << example);
    auto values = parse_text(*form.wording, *form.type, example);
    REQUIRE(values.has_value());
    RandomStream random(1, "catalogue", "test");
    for (std::size_t field = 0; field < values->size(); ++field) {
      if (!(*values)[field]) (*values)[field] = sample_field(form.type->fields()[field], random);
    }
    const DynamicMessage message(*form.type, *values);
    const char* end =
        render_text(*form.wording, *form.type, message.message().fields, buffer.data());
    REQUIRE(std::string_view(buffer.data(), end) == example);
  }
}

TEST_CASE("sampled fields survive rendering and reading in every wording") {
  RandomStream random(7, "catalogue", "samples");
  for (std::size_t i = 0; i < catalogue().size(); ++i) {
    const MessageType& type = catalogue().at(i);
    for (const Wording* wording : {&type.current(), type.older()}) {
      if (wording == nullptr) continue;
      FieldValues values(type.fields().size());
      for (std::size_t field = 0; field < values.size(); ++field) {
        if (wording->uses(field)) values[field] = sample_field(type.fields()[field], random);
      }
      const std::string text = print_text(*wording, type, values);
      INFO(type.id() << " " << type.name() << ": " << text);
      const auto again = parse_text(*wording, type, text);
      REQUIRE(again.has_value());
      REQUIRE(print_text(*wording, type, *again) == text);
    }
  }
}

TEST_CASE("every example is recognised as its own message") {
  for (const Form& form : forms_with_examples()) {
    const auto example = form.wording->def().example;
    INFO(form.type->id() << " " << form.type->name() << ": " << example);
    const auto recognised = catalogue().recognise(form.type->id(), example);
    REQUIRE(recognised.has_value());
    REQUIRE(recognised->type->name() == form.type->name());
  }
}

TEST_CASE("every captured line of our range is recognised") {
  std::ifstream file(std::string(ASAEMU_SOURCE_DIR) + "/tests/data/real_lines.tsv");
  REQUIRE(file.is_open());
  std::size_t lines = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const auto tab = line.find('\t');
    const std::string id_text = line.substr(0, tab);
    std::uint32_t id = 0;
    std::from_chars(id_text.data(), id_text.data() + id_text.size(), id);
    const auto tag = line.rfind("-" + id_text + ": ");
    INFO(line);
    REQUIRE(tag != std::string::npos);
    const std::string text = line.substr(tag + id_text.size() + 3);
    const auto recognised = catalogue().recognise(id, text);
    REQUIRE(recognised.has_value());
    REQUIRE(print_text(*recognised->wording, *recognised->type, recognised->values) == text);
    ++lines;
  }
  REQUIRE(lines == 25);
}

TEST_CASE("public addresses in examples are documentation addresses") {
  const auto is_free = [](const IpAddress& address) {
    for (const char* range :
         {"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "10.0.0.0/8", "172.16.0.0/12",
          "192.168.0.0/16", "0.0.0.0/32", "224.0.0.0/3", "2001:db8::/32", "127.0.0.0/8"}) {
      if (IpPrefix::parse(range)->contains(address)) return true;
    }
    return false;
  };
  for (const Form& form : forms_with_examples()) {
    const auto values = parse_text(*form.wording, *form.type, form.wording->def().example);
    REQUIRE(values.has_value());
    for (const auto& value : *values) {
      const auto* address = value ? std::get_if<IpAddress>(&*value) : nullptr;
      if (address == nullptr) continue;
      INFO(form.type->name() << ": " << to_string(*address));
      REQUIRE(is_free(*address));
    }
  }
}
