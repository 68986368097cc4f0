#include "engine/import_errors.h"

#include "base/files.h"
#include "base/log.h"
#include "base/text.h"
#include "model/bounds.h"
#include "model/job_source.h"

namespace windlass::engine {

namespace {

std::filesystem::path file_in(const std::filesystem::path& home) {
  return home / "sources" / "import-errors.json";
}

std::string text_of(const json::value& error) {
  std::string traceback = get_string(error, "traceback");
  if (!traceback.empty()) return traceback;
  return get_string(error, "type", "ImportError") + ": " + get_string(error, "message");
}

}  // namespace

const json::array& modules_of(const json::value& manifest) {
  static const json::array none;
  const json::value* modules = find(manifest, "modules");
  return modules != nullptr && modules->is_array() ? modules->get_array() : none;
}

SourceErrors import_errors_of(const json::value& manifest) {
  SourceErrors errors;
  for (const json::value& module : modules_of(manifest)) {
    const json::value* error = find(module, "error");
    if (error == nullptr || !error->is_object()) continue;
    errors[get_string(module, "source", kJobsRootSource)][get_string(module, "name")] =
        text_of(*error);
  }
  return errors;
}

void clean_import_errors(json::value& manifest, const Sanitiser& sanitiser) {
  json::value* modules =
      manifest.is_object() ? manifest.get_object().if_contains("modules") : nullptr;
  if (modules == nullptr || !modules->is_array()) return;
  for (json::value& module : modules->get_array()) {
    json::value* error = module.is_object() ? module.get_object().if_contains("error") : nullptr;
    if (error == nullptr || !error->is_object()) continue;
    for (auto& member : error->get_object()) {
      if (member.value().is_string())
        member.value() = cleaned(sanitiser, to_view(member.value().get_string()));
    }
  }
}

Result<void> save_import_errors(const std::filesystem::path& home, const SourceErrors& errors) {
  const std::filesystem::path file = file_in(home);
  std::error_code failure;
  if (errors.empty()) {
    std::filesystem::remove(file, failure);
    return failure ? Result<void>(file_error("remove", file)) : ok();
  }
  json::object sources;
  for (const auto& [source, modules] : errors) {
    json::object& listed = (sources[source] = json::object()).get_object();
    for (const auto& [module, traceback] : modules) listed[module] = to_valid_utf8(traceback);
  }
  WL_TRY_VOID(make_folder(file.parent_path()));
  return replace_file(file, to_text(std::move(sources)) + "\n", 0600);
}

SourceErrors load_import_errors(const std::filesystem::path& home) {
  const std::filesystem::path file = file_in(home);
  std::error_code failure;
  if (!std::filesystem::exists(file, failure)) return {};
  const auto text = read_file(file);
  const auto parsed = text.ok() ? parse_json(*text) : Result<json::value>(text.error());
  if (!parsed.ok()) {
    log::error("the list of import errors cannot be read", parsed.error());
    return {};
  }
  SourceErrors errors;
  if (!parsed->is_object()) return errors;
  for (const auto& [source, modules] : parsed->get_object()) {
    if (!modules.is_object()) continue;
    for (const auto& member : modules.get_object())
      errors[std::string(source)][std::string(member.key())] = get_string(modules, member.key());
  }
  return errors;
}

bool is_compile_error(std::string_view line) {
  return line.find("error: ") != std::string_view::npos || line.starts_with("CMake Error") ||
         line.find("undefined reference") != std::string_view::npos;
}

std::string problem_of(std::string_view traceback) {
  traceback = strip(traceback);
  if (traceback.find("Traceback (most recent call last)") == std::string_view::npos) {
    for (std::size_t at = 0; at < traceback.size();) {
      const std::string_view line = traceback.substr(at, traceback.find('\n', at) - at);
      if (is_compile_error(line)) return std::string(line);
      at += line.size() + 1;
    }
  }
  return std::string(traceback.substr(traceback.rfind('\n') + 1));
}

}  // namespace windlass::engine
