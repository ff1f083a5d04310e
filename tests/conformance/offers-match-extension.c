/* Offers a table that it does not have. */
#include <baton/ext/setup.h>
#define OFFERS BATON_EXT_RUNTIME, BATON_EXT_SETUP, NULL
#include "entry.h"
