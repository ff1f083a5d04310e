/* baton.setup/1: how a person gets the runtime ready. The plugin gives it, if there is something to say.
 *
 * The host shows it. Commands are run by people, never by the plugin.
 */
#ifndef BATON_EXT_SETUP_H
#define BATON_EXT_SETUP_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_SETUP "baton.setup/1"

#define BATON_AUTH_NONE 0
#define BATON_AUTH_KEY 1   /* one of the descriptor's secrets */
#define BATON_AUTH_LOGIN 2 /* the program's own login */

/* Lists are NULL-terminated argument vectors; NULL: there is no such command. */
typedef struct baton_setup_info {
  uint32_t size, auth_kind;
  const char* secret; /* with BATON_AUTH_KEY: which of the descriptor's secrets; else NULL */
  const char* docs_url;
  const char* const* install_argv;
  const char* const* login_argv; /* needs a terminal */
  const char* const* logout_argv;
} baton_setup_info;

typedef struct baton_setup {
  uint32_t size, reserved;

  /* Fills what it knows within out->size; the host has set every member to "nothing".
   * Thread:  reactor
   * When:    after create; the answer is the same for the life of the instance
   * Owner:   texts and lists are the plugin's and live as long as the instance
   * Errors:  any: nothing is shown
   * Limits:  50 ms
   * Since:   1.0 */
  baton_status (*info)(baton_plugin*, baton_setup_info* out) BATON_NOEXCEPT;
} baton_setup;

#ifdef __cplusplus
}
#endif

#endif
