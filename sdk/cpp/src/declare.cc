/// From a job class to the manifest's object.
#include <algorithm>
#include <cmath>
#include <memory>

#include "arrival.hpp"
#include "declaration.hpp"
#include "dedent.hpp"
#include "registry.hpp"
#include "type_names.hpp"
#include "visible_if.hpp"

namespace windlass::jobs::internal {
namespace {

constexpr std::size_t kLongestQueue = 255;

/// The nearest of the known names, as a question; "" where none is near.
std::string hint(std::string_view name, const Json::Array& variables) {
  std::string best;
  std::size_t least = name.size() / 3 + 1;
  for (const Json& variable : variables) {
    const std::string& known = variable["name"].as_string();
    const std::size_t far = distance(name, known);
    if (far > least) continue;
    least = far;
    best = "; did you mean " + known + "?";
  }
  return best;
}

class MetaCheck {
 public:
  MetaCheck(const std::string& class_path, std::vector<std::string>& problems)
      : class_path_(class_path), problems_(problems) {}

  void run(const Meta& meta) {
    const auto seconds = [&](const char* name, double value) {
      if (!std::isfinite(value) || value < 0) {
        wrong(name, "wants seconds from 0 on, got " + format("{}", value));
      }
    };
    seconds("retry_delay", meta.retry_delay);
    seconds("soft_time_limit", meta.soft_time_limit);
    seconds("time_limit", meta.time_limit);
    if (!std::isfinite(meta.retry_backoff) || meta.retry_backoff < 1) {
      wrong("retry_backoff", "wants a factor from 1 on, got " + format("{}", meta.retry_backoff));
    }
    if (meta.max_retries.value_or(0) < 0) {
      wrong("max_retries", "wants a number from 0 on, got " + std::to_string(*meta.max_retries));
    }
    for (const std::string& queue : meta.task_queues) check_queue(queue);
  }

 private:
  void wrong(const char* name, const std::string& what) {
    problems_.push_back(class_path_ + ": Meta." + name + " " + what);
  }

  void check_queue(const std::string& queue) {
    if (queue.find_first_not_of(" \t\r\n") == std::string::npos) {
      wrong("task_queues", "wants names of queues, got a blank one (\"" + queue + "\")");
    } else if (queue.size() > kLongestQueue) {
      wrong("task_queues", "wants names of at most 255 bytes, got one of " +
                               std::to_string(queue.size()) + " (" + queue.substr(0, 40) + "…)");
    }
  }

  const std::string& class_path_;
  std::vector<std::string>& problems_;
};

Json declared_meta(const Meta& meta) {
  return Json::object({{"name", meta.name},
                       {"description", meta.description},
                       {"approval_required", meta.approval_required},
                       {"console_log_default", meta.console_log_default},
                       {"dryrun_default", meta.dryrun_default},
                       {"field_order", meta.field_order},
                       {"has_sensitive_variables", meta.has_sensitive_variables},
                       {"hidden", meta.hidden},
                       {"is_singleton", meta.is_singleton},
                       {"max_retries", meta.max_retries},
                       {"read_only", meta.read_only},
                       {"retry_backoff", meta.retry_backoff},
                       {"retry_delay", meta.retry_delay},
                       {"soft_time_limit", meta.soft_time_limit},
                       {"time_limit", meta.time_limit},
                       {"task_queues", meta.task_queues},
                       {"template_name", meta.template_name}});
}

/// Those of field_order first, then as defined.
Json::Array in_form_order(Json::Array variables, const std::vector<std::string>& order) {
  const auto place = [&](const Json& variable) {
    return std::find(order.begin(), order.end(), variable["name"].as_string()) - order.begin();
  };
  std::stable_sort(variables.begin(), variables.end(),
                   [&](const Json& left, const Json& right) { return place(left) < place(right); });
  return variables;
}

bool has_dryrun(const Json::Array& variables) {
  return std::any_of(variables.begin(), variables.end(),
                     [](const Json& variable) { return variable["type"] == Json("DryRunVar"); });
}

}  // namespace

JobClass declare(const detail::ClassSource& source, std::string_view grouping,
                 const ModuleDeclaration& module, ModuleFiles& files, Findings& findings) {
  const std::string name = class_name(source.pretty_name);
  JobClass cls{module.name.empty() ? name : module.name + "." + name,
               source,
               source.meta == nullptr ? Meta() : *source.meta,
               folder_being_loaded(),
               Json(),
               {}};
  if (cls.meta.name.empty()) cls.meta.name = name;
  cls.meta.description = dedented(cls.meta.description);
  MetaCheck(cls.class_path, findings.problems).run(cls.meta);

  int line = 0;
  detail::Declaration declared;
  try {
    line = detail::Declaration::line_of(*std::unique_ptr<Job>(source.make()));
  } catch (...) {
    findings.problems.push_back(cls.class_path + ": its constructor threw " +
                                describe_current_exception().sentence());
  }
  const ClassPlace place = files.place_of(name, line);
  settle_conditions(declared.variables, declared.problems);
  for (const std::string& problem : declared.problems) {
    findings.problems.push_back(cls.class_path + "." + problem);
  }
  const auto warn = [&](const char* code, const std::string& message) {
    findings.warnings.push_back(Json::object({{"class_path", cls.class_path},
                                              {"code", code},
                                              {"file_path", place.file},
                                              {"line", place.line},
                                              {"message", message}}));
  };
  for (const std::string& one : cls.meta.field_order) {
    const bool known =
        std::any_of(declared.variables.begin(), declared.variables.end(),
                    [&](const Json& variable) { return variable["name"] == Json(one); });
    if (known) continue;
    warn("meta.field_order", "Meta.field_order names " + one +
                                 ", which is no variable of the class" +
                                 hint(one, declared.variables));
  }
  if (!cls.meta.template_name.empty()) {
    warn("meta.template_name", "Meta.template_name has no effect");
  }
  cls.choices_methods = std::move(declared.choices_methods);
  const bool dryrun = has_dryrun(declared.variables);
  cls.declaration = Json::object(
      {{"class_path", cls.class_path},
       {"module_name", module.name},
       {"job_class_name", name},
       {"grouping", grouping.empty() ? std::string_view(module.name) : grouping},
       {"file_path", place.file},
       {"line", place.line},
       {"is_job_hook_receiver", declared.is_job_hook_receiver},
       {"is_job_button_receiver", declared.is_job_button_receiver},
       {"supports_dryrun", dryrun},
       {"meta", declared_meta(cls.meta)},
       {"variables", in_form_order(std::move(declared.variables), cls.meta.field_order)}});
  return cls;
}

}  // namespace windlass::jobs::internal
