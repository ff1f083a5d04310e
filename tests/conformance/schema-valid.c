/* Its schema is a list where an object belongs, so that nothing of it is checked. */
#define SCHEMA "{\"type\":\"object\",\"properties\":[{\"name\":\"greeting\",\"type\":\"string\"}]}"
#include "entry.h"
