#include "registry.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace windlass::jobs::internal {
namespace {

struct Registry {
  std::deque<JobClass> classes;  ///< in the order of registration; addresses stay
  ModuleDeclaration module;
  ModuleFiles files{module};
  std::size_t first = 0;  ///< of the module
  Findings findings;
  std::string load_problem;
};

Registry& registry() {
  static Registry* const only = new Registry;  // classes may register before main and after exit
  return *only;
}

Json error_of(std::string_view type, std::string_view message, std::string_view traceback) {
  return Json::object({{"type", type}, {"message", message}, {"traceback", traceback}});
}

Json entry_of(const ModuleDeclaration& module, Json error, Json classes) {
  return Json::object({{"name", module.name},
                       {"source", module.source},
                       {"file_path", module.file},
                       {"error", std::move(error)},
                       {"classes", std::move(classes)}});
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) {
    if (!text.empty()) text += '\n';
    text += sentence;
  }
  return text;
}

/// What is not registered does not exist for Windlass, so nothing else tells of it.
void look_for_unregistered(Registry& all, const Json& classes) {
  std::set<std::string> registered;
  for (const Json& cls : classes) registered.insert(cls["job_class_name"].as_string());
  for (const std::string& name : all.files.unregistered(registered)) {
    const ClassPlace place = all.files.place_of(name, 0);
    all.findings.warnings.push_back(
        Json::object({{"class_path", all.module.name + "." + name},
                      {"code", "class.unregistered"},
                      {"file_path", place.file},
                      {"line", place.line},
                      {"message", name + " is never registered: pass it to register_jobs()"}}));
  }
}

void close_module(Registry& all) {
  all.module = {};
  all.files = ModuleFiles(all.module);
  all.first = all.classes.size();
  all.findings = {};
  all.load_problem.clear();
}

}  // namespace

void begin_module(ModuleDeclaration declaration) {
  Registry& all = registry();
  close_module(all);
  all.module = std::move(declaration);
}

ModuleEntry fail_module(std::string_view type, std::string_view message,
                        std::string_view traceback) {
  Registry& all = registry();
  all.classes.resize(all.first);
  ModuleEntry made{entry_of(all.module, error_of(type, message, traceback), Json::array()), {}};
  close_module(all);
  return made;
}

ModuleEntry end_module() {
  Registry& all = registry();
  if (!all.load_problem.empty()) return fail_module("LoadError", std::string(all.load_problem), "");
  if (!all.findings.problems.empty()) {
    return fail_module("DeclarationError", joined(all.findings.problems), "");
  }
  Json classes = Json::array();
  for (std::size_t index = all.first; index < all.classes.size(); ++index) {
    classes.push_back(all.classes[index].declaration);
  }
  if (all.module.check) look_for_unregistered(all, classes);
  ModuleEntry made{entry_of(all.module, Json(), std::move(classes)),
                   std::move(all.findings.warnings)};
  close_module(all);
  return made;
}

Json unloaded_entry(const ModuleDeclaration& declaration, std::string_view type,
                    std::string_view message, std::string_view traceback) {
  return entry_of(declaration, error_of(type, message, traceback), Json::array());
}

std::string abi_problem(std::string_view built_for) {
  if (built_for == WINDLASS_JOBS_ABI) return "";
  const auto shown = [](std::string_view abi) {
    return std::string(abi.substr(std::min(abi.size(), abi.find(':') + 2)));
  };
  return "The module was built for ABI " + shown(built_for) + ", this Windlass loads ABI " +
         shown(WINDLASS_JOBS_ABI) + ". Rebuild it with the headers of this Windlass.";
}

std::string folder_being_loaded() {
  const std::string& copy = registry().module.copy;
  return copy.empty() ? std::string() : folder_of_module(copy);
}

const JobClass* find_class(std::string_view class_path) noexcept {
  for (const JobClass& cls : registry().classes) {
    if (cls.class_path == class_path) return &cls;
  }
  return nullptr;
}

const JobClass* find_class(const detail::ClassSource& source) noexcept {
  for (const JobClass& cls : registry().classes) {
    if (cls.source.make == source.make) return &cls;
  }
  return nullptr;
}

KnownClass known_class(const detail::ClassSource& source) {
  Findings findings;
  const ModuleDeclaration none;
  ModuleFiles files(none);
  const JobClass declared = declare(source, "", none, files, findings);
  if (!findings.problems.empty()) throw std::invalid_argument(joined(findings.problems));
  detail::register_class(source, "");
  const JobClass* found = find_class(source);
  if (found == nullptr) {
    throw std::invalid_argument("Two classes of this program are called " + declared.class_path +
                                ": the names of job classes have to differ");
  }
  return {found->class_path, found->declaration};
}

}  // namespace windlass::jobs::internal

namespace windlass::jobs {
inline namespace v1 {
namespace detail {

void register_class(const ClassSource& source, Text grouping) noexcept {
  internal::Registry& all = internal::registry();
  if (internal::find_class(source) != nullptr) return;
  internal::JobClass cls =
      internal::declare(source, grouping.view(), all.module, all.files, all.findings);
  if (internal::find_class(cls.class_path) != nullptr) {
    all.findings.problems.push_back("There are two classes " + cls.class_path +
                                    ": the names of registered classes have to differ, "
                                    "whatever namespace they are in");
    return;
  }
  all.classes.push_back(std::move(cls));
}

}  // namespace detail
}  // namespace v1
}  // namespace windlass::jobs

int windlass_jobs_check_abi(const char* built_for) {
  std::string problem = windlass::jobs::internal::abi_problem(built_for);
  if (problem.empty()) return 1;
  windlass::jobs::internal::registry().load_problem = std::move(problem);
  return 0;
}
