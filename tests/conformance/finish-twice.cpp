// Ends a run twice.
#define FINISHES_TWICE true
#include "good.cpp"
