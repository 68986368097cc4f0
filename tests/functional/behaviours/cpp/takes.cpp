// Input variables of every kind, and what run() gets for them.
#include <algorithm>
#include <map>
#include <string>
#include <windlass/jobs.hpp>
using namespace windlass::jobs;

namespace {

const Choices kColours{{"red", "Red"}, {"Cold", {{"blue", "Blue"}, {7, "Seven"}}}};
const std::map<std::string, std::vector<std::string>> kSites{{"emea", {"lisbon", "berlin"}},
                                                             {"apac", {"tokyo"}}};

/// An input as JSON: a record by its name, a file by name and content.
Json seen(const Variable& variable) {
  return variable.to_json();
}
Json seen(const ObjectVar& queue) {
  return queue.has_value() ? queue.value()["name"] : Json();
}
Json seen(const MultiObjectVar& queues) {
  std::vector<std::string> names;
  for (const Record& queue : queues.all()) names.push_back(queue["name"].as_string());
  std::sort(names.begin(), names.end());
  return names;
}
Json seen(const FileVar& file) {
  return file.has_value() ? Json::array({file->name(), file->read()}) : Json();
}

template <class... Variables>
Json all_seen(const Variables&... variables) {
  Json all = Json::object();
  ((all[variables.name()] = seen(variables)), ...);
  return all;
}

const Meta kOpen{.has_sensitive_variables = false};

class Required : public Job {
 public:
  static inline const Meta meta{.description = "All kinds, each required",
                                .field_order = {"upload"},
                                .has_sensitive_variables = false};
  StringVar string{
      this, "string", {.label = "Text", .min_length = 2, .max_length = 12, .regex = "^[a-z ]+$"}};
  TextVar text{this, "text", {.description = "Many lines"}};
  IntegerVar integer{this, "integer", {.min_value = 0, .max_value = 10}};
  BooleanVar boolean{this, "boolean"};
  ChoiceVar choice{this, "choice", {.choices = kColours}};
  MultiChoiceVar choices{this, "choices", {.choices = kColours}};
  ObjectVar queue{
      this,
      "queue",
      {.model = "extras.jobqueue", .display_field = "name", .query_params = {{"name", "default"}}}};
  MultiObjectVar queues{this, "queues", {.model = "extras.jobqueue"}};
  JSONVar document{this, "document"};
  IPAddressVar address{this, "address"};
  IPAddressWithMaskVar interface { this, "interface" };
  IPNetworkVar network{this, "network", {.min_prefix_length = 8, .max_prefix_length = 28}};
  FileVar upload{this, "upload"};

  Json run() override {
    return all_seen(string, text, integer, boolean, choice, choices, queue, queues, document,
                    address, interface, network, upload);
  }
};

class Optional : public Job {
 public:
  static inline const Meta meta = kOpen;
  StringVar string{this, "string", {.required = false}};
  TextVar text{this, "text", {.required = false}};
  IntegerVar integer{this, "integer", {.required = false}};
  BooleanVar boolean{this, "boolean"};
  ChoiceVar choice{this, "choice", {.choices = kColours, .required = false}};
  MultiChoiceVar choices{this, "choices", {.choices = kColours, .required = false}};
  ObjectVar queue{this,
                  "queue",
                  {.model = "extras.jobqueue", .null_option = "None of them", .required = false}};
  MultiObjectVar queues{this, "queues", {.model = "extras.jobqueue", .required = false}};
  JSONVar document{this, "document", {.required = false}};
  IPAddressVar address{this, "address", {.required = false}};
  IPAddressWithMaskVar interface {
    this, "interface", { .required = false }
  };
  IPNetworkVar network{this, "network", {.required = false}};
  FileVar upload{this, "upload", {.required = false}};

  Json run() override {
    return all_seen(string, text, integer, boolean, choice, choices, queue, queues, document,
                    address, interface, network, upload);
  }
};

class Defaults : public Job {
 public:
  static inline const Meta meta = kOpen;
  StringVar string{this, "string", {.default_value = "words"}};
  IntegerVar integer{this, "integer", {.min_value = 0, .default_value = 0}};
  BooleanVar boolean{this, "boolean", {.default_value = true}};
  ChoiceVar choice{this, "choice", {.choices = kColours, .default_value = "blue"}};
  MultiChoiceVar choices{
      this,
      "choices",
      {.choices = kColours, .default_value = std::vector<std::string>{"red", "7"}}};
  ObjectVar queue{this, "queue", {.model = "extras.jobqueue", .default_value = "default"}};
  JSONVar document{this, "document", {.default_value = {{"deep", Json::array({1, nullptr})}}}};
  JSONVar phrase{this, "phrase", {.default_value = "a text"}};
  IPAddressVar address{this, "address", {.default_value = "2001:DB8::0:1"}};

  Json run() override {
    return all_seen(string, integer, boolean, choice, choices, queue, document, phrase, address);
  }
};

class Hides : public Job {
 public:
  static inline const Meta meta = kOpen;
  enum class Mode { a, b, c };
  EnumVar<Mode> mode{
      this, "mode", {.choices = {{Mode::a, "a", "A"}, {Mode::b, "b", "B"}, {Mode::c, "c", "C"}}}};
  BooleanVar express{this, "express", {.default_value = false}};
  StringVar name{this, "name", {.visible_if = {{"mode", Json::array({"a", "b"})}}}};
  StringVar courier{this, "courier", {.visible_if = {{"express", true}, {"mode", "a"}}}};

  Json run() override { return all_seen(mode, express, name, courier); }
};

class Computes : public Job {
 public:
  static inline const Meta meta = kOpen;
  ChoiceVar region{this, "region", {.choices = {{"emea", "EMEA"}, {"apac", "APAC"}}}};
  ChoiceVar site{this, "site", {.choices_method = site_choices}};

  static Choices site_choices(const Json& form) {
    Choices choices;
    const auto known = kSites.find(form["region"].is_string() ? form["region"].as_string() : "");
    if (known == kSites.end()) return choices;
    for (const std::string& name : known->second) {
      std::string title = name;
      title[0] = static_cast<char>(title[0] - 'a' + 'A');
      choices.emplace_back(name, title);
    }
    return choices;
  }

  Json run() override { return all_seen(region, site); }
};

class Seals : public Job {
 public:
  static inline const Meta meta = kOpen;
  StringVar token{this, "token", {.sensitive = true}};
  TextVar note{this, "note"};

  Json run() override {
    logger.info("with {}", *token);
    return token->size();
  }
};

class Rehearses : public Job {
 public:
  static inline const Meta meta{
      .dryrun_default = true, .has_sensitive_variables = false, .read_only = true};
  DryRunVar dryrun{this};

  Json run() override { return all_seen(dryrun); }
};

class Unregistered : public Job {
 public:
  StringVar name{this, "name"};
  Json run() override { return {}; }
};

}  // namespace

static const auto registered =
    register_jobs<Required, Optional, Defaults, Hides, Computes, Seals, Rehearses>();
