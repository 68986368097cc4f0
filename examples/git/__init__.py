"""The root of a repository that brings jobs; this file makes it a package, named by its slug."""
