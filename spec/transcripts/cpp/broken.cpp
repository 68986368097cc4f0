// A module that refers to a function which nothing defines.
int no_such_function();

static const int number = no_such_function();
