#pragma once

#include "base/result.h"
#include "base/sealing_key.h"
#include "model/validation.h"
#include "storage/results.h"

namespace windlass::engine {

/// Divides the inputs of a run among what is stored of it: of a job with sensitive variables all
/// are sealed; else those of its sensitive variables are, as one object, and the others are its
/// task_kwargs. Uploaded files go with them, sealed where the job or the variable is sensitive; one
/// whose input is null (of a hidden variable) is dropped. Error `file.too_many`: over 16. Pure.
Result<void> put_inputs(const Job& job, json::object inputs, const UploadedFiles& files,
                        const SealingKey& key, NewRun& run);

}  // namespace windlass::engine
