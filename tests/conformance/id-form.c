/* Its id has upper case letters. */
#define ID "Test.Conformance"
#include "entry.h"
