#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/text.h"
#include "engine/import_errors.h"
#include "engine/job_records.h"
#include "engine/objects.h"
#include "engine/overrides.h"
#include "model/declaration.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

/// A class as the manifest declares it.
struct Declared {
  const json::value* declaration;
  std::string module;  ///< the module it is listed under
  std::string source;
};
/// By class path; of several sources that declare the same, in the manifest's order.
using DeclaredClasses = std::map<std::string, std::vector<Declared>>;

bool is_in(std::string_view module_name, std::string_view module) {
  return module_name == module ||
         (module_name.starts_with(module) && module_name[module.size()] == '.');
}

const json::array& list_of(const json::value& value, std::string_view member) {
  static const json::array none;
  const json::value* found = find(value, member);
  return found != nullptr && found->is_array() ? found->get_array() : none;
}

DeclaredClasses declared_classes(const json::value& manifest) {
  DeclaredClasses classes;
  for (const json::value& module : modules_of(manifest)) {
    for (const json::value& declaration : list_of(module, "classes")) {
      classes[get_string(declaration, "class_path")].push_back(
          {&declaration, get_string(module, "name"),
           get_string(module, "source", kJobsRootSource)});
    }
  }
  return classes;
}

/// What is wrong with a variable though its class could be registered, a sentence each.
std::vector<std::string> troubles_of(const Variable& variable) {
  std::vector<std::string> troubles = declaration_mistakes(variable);
  const json::value* model = variable.option("model");
  if (model == nullptr || !model->is_string()) return troubles;
  const std::string_view type = to_view(model->get_string());
  const auto& types = object_types();
  if (std::ranges::find(types, to_lower(type)) != types.end()) return troubles;
  troubles.push_back(
      fmt::format("The variable {} chooses among objects of type \"{}\", which there are none of "
                  "here; there are {}.",
                  variable.name(), type, fmt::join(types, ", ")));
  return troubles;
}

std::vector<std::string> troubles_of_variables(const Job& record) {
  std::vector<std::string> all;
  for (const json::value& declaration : record.variables.get_array()) {
    for (std::string& trouble : troubles_of(Variable(declaration)))
      all.push_back(std::move(trouble));
  }
  return all;
}

/// What the records say of the classes' trouble: warnings of the class, its variables', and of the
/// interpreter as a whole.
std::string warning_of(const json::value& manifest, const Job& record,
                       const std::vector<std::string>& troubles) {
  std::string text;
  const auto add = [&](std::string_view line) {
    text.append(text.empty() ? "" : "\n").append(line);
  };
  for (const json::value& warning : list_of(manifest, "warnings")) {
    if (get_string(warning, "class_path") == record.class_path) add(get_string(warning, "message"));
  }
  for (const std::string& trouble : troubles) add(trouble);
  if (get_int(manifest, "threads", 1) > 1) {
    add("Importing the jobs leaves threads behind, so every run imports them anew, which takes "
        "longer. Start threads in run() instead.");
  }
  return text;
}

json::object class_values_of(const json::value& declaration) {
  json::object values;
  const json::value* meta = find(declaration, "meta");
  for (const std::string_view field : overridable_fields()) {
    const json::value* value =
        field == "grouping" || meta == nullptr ? find(declaration, field) : find(*meta, field);
    if (value != nullptr) values[to_json_view(field)] = *value;
  }
  return values;
}

/// Brings everything but the name to what the class says.
void declare(Job& job, const json::value& declaration) {
  job.class_path = get_string(declaration, "class_path");
  job.module_name = get_string(declaration, "module_name");
  job.job_class_name = get_string(declaration, "job_class_name");
  job.is_job_hook_receiver = get_bool(declaration, "is_job_hook_receiver");
  job.is_job_button_receiver = get_bool(declaration, "is_job_button_receiver");
  job.supports_dryrun = get_bool(declaration, "supports_dryrun");
  const json::value* meta = find(declaration, "meta");
  job.read_only = meta != nullptr && get_bool(*meta, "read_only");
  const Job undeclared;
  const json::value none = json::object{};
  const json::value& said = meta != nullptr ? *meta : none;
  job.max_retries = get_int(said, "max_retries", undeclared.max_retries);
  job.retry_delay = get_double(said, "retry_delay", undeclared.retry_delay);
  job.retry_backoff = get_double(said, "retry_backoff", undeclared.retry_backoff);
  job.variables = list_of(declaration, "variables");
  job.file_path = get_string(declaration, "file_path");
  job.line = get_int(declaration, "line");
  job.class_values = class_values_of(declaration);
  job.installed = true;
  restore_class_values(job);
}

std::string declared_name(const Job& job) {
  return get_string(job.class_values, "name", job.job_class_name);
}

/// Whether two records differ in anything that people would call a change of the job.
bool differs(const Job& a, const Job& b) {
  return std::ranges::any_of(fields_of<Job>(), [&](const Field<Job>& field) {
    if (field.name == "source_version" || field.name == "last_updated") return false;
    return std::visit([&](auto member) { return !(a.*member == b.*member); }, field.member);
  });
}

bool is_installed_source(std::string_view source) {
  return source.starts_with(kGitSource) || source.starts_with(kAppSource);
}

/// "the file x.py, which …", "jobs_root": whose a job is.
std::string owner_of(std::string_view source) {
  if (!source.starts_with(kFileSource)) return std::string(source);
  return fmt::format("the file {}, which `runjob --local` runs just now,",
                     source.substr(kFileSource.size()));
}

/// One refresh of the records.
class Refresh {
 public:
  Refresh(const DeclaredCode& code, TimePoint now)
      : code_(code), errors_(code.errors), now_(now), declared_(declared_classes(code.manifest)) {
    // What the caller knows of a module is newer: the manifest may be that of its last good files.
    for (auto& [source, modules] : import_errors_of(code.manifest)) errors_[source].merge(modules);
  }

  std::vector<Job> run(std::vector<Job> existing, RefreshSummary* summary) {
    std::vector<Job> before = existing;
    std::vector<Job> records = std::move(existing);
    for (Job& record : records) refresh(record, summary);
    for (const auto& [class_path, all] : declared_) {
      if (seen_.contains(class_path)) continue;
      records.push_back(new_record(all.front()));
      refuse_others(all, all.front().source, class_path, summary);
    }
    name(records, before.size());
    summary->version = code_.version;
    for (const auto& [source, modules] : errors_) {
      for (const auto& [module, traceback] : modules)
        summary->errors.emplace_back(module, traceback);
    }
    summary->warnings = std::move(troubles_);
    return changes(std::move(records), before, summary);
  }

 private:
  /// Whether the records of this source follow the manifest.
  bool follows(const std::string& source) const {
    return code_.versions.contains(source) || (code_.complete && is_installed_source(source));
  }

  void refresh(Job& record, RefreshSummary* summary) {
    const auto declared = declared_.find(record.class_path);
    if (declared == declared_.end()) {
      if (code_.missing.contains(record.source)) {
        if (record.installed) record.import_error = error_of(record.source, record.module_name);
      } else if (follows(record.source)) {
        vanish(record);
      }
      return;
    }
    seen_.insert(record.class_path);
    const std::vector<Declared>& all = declared->second;
    const auto own = std::ranges::find(all, record.source, &Declared::source);
    const bool foreign = own == all.end() && record.installed && !follows(record.source);
    if (!foreign) apply(record, own == all.end() ? all.front() : *own);
    refuse_others(all, record.source, record.class_path, summary);
  }

  /// Of several sources that declare a class path one has it.
  static void refuse_others(const std::vector<Declared>& all, const std::string& owner,
                            const std::string& class_path, RefreshSummary* summary) {
    for (const Declared& other : all) {
      if (other.source == owner) continue;
      summary->errors.emplace_back(
          other.module, fmt::format("The class path {} belongs to a job of {} already; rename the "
                                    "module or the class.",
                                    class_path, owner_of(owner)));
    }
  }

  void apply(Job& record, const Declared& declared) {
    declare(record, *declared.declaration);
    record.source = declared.source;
    record.source_version = version_of(declared.source);
    record.import_error = error_of(declared.source, declared.module);
    const std::vector<std::string> troubles = troubles_of_variables(record);
    record.warning = warning_of(code_.manifest, record, troubles);
    for (const std::string& trouble : troubles) troubles_.emplace_back(record.class_path, trouble);
    current_.insert(record.class_path);
  }

  void vanish(Job& record) {
    record.installed = false;
    record.import_error = error_of(record.source, record.module_name);
    record.warning.clear();
  }

  Job new_record(const Declared& declared) {
    Job record;
    record.id = new_id(now_);
    record.created = now_;
    record.enabled = declared.source == kSystemSource;
    apply(record, declared);
    return record;
  }

  std::string version_of(const std::string& source) const {
    const auto found = code_.versions.find(source);
    return found == code_.versions.end() ? code_.version : found->second;
  }

  /// What is wrong with the module of the source that has this one.
  std::string error_of(const std::string& source, const std::string& module_name) const {
    const auto found = errors_.find(source);
    if (found == errors_.end()) return "";
    for (const auto& [module, text] : found->second) {
      if (is_in(module_name, module)) return text;
    }
    return "";
  }

  /// Older records have the first choice of names, so that a newcomer never renames them.
  void name(std::vector<Job>& records, std::size_t existing) {
    std::set<std::string> taken;
    std::vector<Job*> to_name;
    for (std::size_t i = 0; i < records.size(); ++i) {
      Job& record = records[i];
      const bool by_class = current_.contains(record.class_path) && !record.is_overridden("name");
      if (by_class) {
        to_name.push_back(&record);
      } else {
        taken.insert(record.name);
      }
    }
    const Job* first_new = records.data() + existing;
    std::ranges::sort(to_name, [&](const Job* a, const Job* b) {
      const auto key = [&](const Job* job) {
        return std::tuple(job >= first_new, job->created, job->class_path);
      };
      return key(a) < key(b);
    });
    for (Job* record : to_name) {
      record->name = unique_name(declared_name(*record), taken);
      taken.insert(record->name);
    }
  }

  /// The records that must be written.
  std::vector<Job> changes(std::vector<Job> records, const std::vector<Job>& before,
                           RefreshSummary* summary) {
    std::vector<Job> out;
    for (std::size_t i = 0; i < records.size(); ++i) {
      Job& record = records[i];
      const bool is_new = i >= before.size();
      const bool changed = is_new || differs(before[i], record);
      if (record.source == kSystemSource) {
        // Nobody's news.
      } else if (is_new) {
        summary->new_jobs.push_back(record.class_path);
      } else if (before[i].installed && !record.installed) {
        summary->vanished_jobs.push_back(record.class_path);
      } else if (changed) {
        summary->changed_jobs.push_back(record.class_path);
      }
      if (changed) {
        record.last_updated = now_;
      } else if (before[i].source_version == record.source_version) {
        continue;
      }
      out.push_back(std::move(record));
    }
    return out;
  }

  const DeclaredCode& code_;
  SourceErrors errors_;
  const TimePoint now_;
  const DeclaredClasses declared_;
  std::vector<std::pair<std::string, std::string>> troubles_;
  std::set<std::string> seen_;     ///< declared class paths that have a record
  std::set<std::string> current_;  ///< class paths whose records follow the manifest
};

}  // namespace

std::vector<Job> refreshed_records(const std::vector<Job>& existing, const DeclaredCode& code,
                                   TimePoint now, RefreshSummary* summary) {
  return Refresh(code, now).run(existing, summary);
}

}  // namespace windlass::engine
