/// The job classes that this process knows, by module.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <windlass/jobs/choice.hpp>
#include <windlass/jobs/registration.hpp>

#include "module_files.hpp"
#include "seam.hpp"

namespace windlass::jobs::internal {

/// A registered class.
struct JobClass {
  std::string class_path;
  detail::ClassSource source;
  Meta meta;
  std::string folder;  ///< of the module's file in the version that is loaded; "" in a test program
  Json declaration;    ///< the manifest's object
  std::vector<std::pair<std::string, ChoicesMethod>> choices_methods;
};

/// What is found out while a class is declared. A sentence each.
struct Findings {
  std::vector<std::string> problems;
  std::vector<Json> warnings;
};

/// Makes the declaration of a class, which belongs to `module`; problems make it unusable.
/// `files` are the module's.
JobClass declare(const detail::ClassSource& source, std::string_view grouping,
                 const ModuleDeclaration& module, ModuleFiles& files, Findings& findings);

/// JobClass::folder of the module that is being loaded; "" where none is.
std::string folder_being_loaded();

/// The class of that path, nullptr where there is none.
const JobClass* find_class(std::string_view class_path) noexcept;
/// The class with that maker.
const JobClass* find_class(const detail::ClassSource& source) noexcept;

}  // namespace windlass::jobs::internal
