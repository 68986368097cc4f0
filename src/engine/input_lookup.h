#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/choices.h"
#include "engine/objects.h"
#include "model/form_state.h"
#include "model/validation.h"

namespace windlass::engine {

/// What the rules of one job's inputs need to know: objects from storage, choices from job code.
/// Made for one validation, for which computed choices are kept; all it is made with outlives it.
/// One thread; blocks on storage and on job code.
class JobInputLookup final : public InputLookup {
 public:
  JobInputLookup(const ObjectDirectory& objects, ChoiceSource& choices, const Job& job)
      : objects_(objects), choices_(choices), job_(job) {}

  /// One object; of a MultiObjectVar an object of filters may name several, 1,000 at most. The
  /// variable's query_params narrow it: `$other` there stands for that input of the form, and while
  /// that is empty the condition is left out.
  Result<std::vector<Uuid>> objects(const Variable& variable, const json::value& given,
                                    const json::object& form) override;
  Result<json::array> choices(const Variable& variable, const json::object& form) override;

 private:
  Result<std::vector<Uuid>> find(const Variable& variable, const ObjectFilters& filters,
                                 const json::object& form) const;
  json::object shown_to_code(const json::object& form) const;

  const ObjectDirectory& objects_;
  ChoiceSource& choices_;
  const Job& job_;
  std::map<std::string, Result<json::array>> computed_;  ///< by method and form
};

/// The inputs of a run of the job: validate_inputs() with its objects and choices. A dry run that
/// is left out is what the record says, which people may override. Errors as there.
Result<json::object> checked_inputs(Storage& storage, ChoiceSource& choices, const Job& job,
                                    const json::value& data, const UploadedFiles& files);
/// How a form with these inputs stands: evaluate_form() likewise.
Result<FormState> form_of_inputs(Storage& storage, ChoiceSource& choices, const Job& job,
                                 const json::value& data, const UploadedFiles& files);

}  // namespace windlass::engine
