/* Looks at a slot that a later host may have, without asking how long the table is. */
#include "parts.h"
typedef struct later_timer {
  baton_host_timer known;
  void (*pause)(void);
} later_timer;
static baton_status curious(const baton_host* host, const baton_create_args* args, baton_plugin** out) {
  const volatile later_timer* timers = host->extension(host, BATON_EXT_TIMER);
  int has_pause = timers != NULL && timers->pause != NULL;
  (void)has_pause;
  return correct_create(host, args, out);
}
#define CREATE curious
#include "entry.h"
