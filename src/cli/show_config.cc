#include <fmt/format.h>

#include <iostream>

#include "base/json.h"
#include "cli/commands.h"

namespace windlass::cli {

int show_config(const LoadedSettings& loaded, bool as_json) {
  json::object all;
  if (!as_json) fmt::print("{:<26} {:<32} {}\n", "# home", loaded.settings.home.string(), "");
  for (const Setting& setting : setting_list()) {
    const std::string value = setting_text(loaded.settings, setting);
    const std::string& origin = loaded.origins.at(std::string(setting.name));
    if (as_json) {
      all[to_json_view(setting.name)] = {
          {"value", value}, {"origin", origin}, {"help", to_json_view(setting.help)}};
    } else {
      fmt::print("{:<26} {:<32} # {}\n", setting.name, value, origin);
    }
  }
  if (as_json) std::cout << to_text(all) << "\n";
  for (const Error& mistake : loaded.mistakes) refuse(mistake);
  return loaded.mistakes.empty() ? kOk : kFailed;
}

int show_version() {
  fmt::print("windlass {}\n", WINDLASS_VERSION);
  return kOk;
}

int refuse(const Error& error) {
  std::cerr << "windlass: " << error.message << "\n";
  for (const auto& [field, messages] : error.fields) {
    for (const std::string& message : messages)
      std::cerr << "  " << field << ": " << message << "\n";
  }
  return kRefused;
}

}  // namespace windlass::cli
