raise SystemError("the repository has this name")
