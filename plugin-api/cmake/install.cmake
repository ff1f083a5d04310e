# What somebody needs who writes a plugin elsewhere: component `plugin-api`, for CMake and for pkg-config. Nothing in it
# names the place where it was built or installed, so that a package may be moved. Drafts may change with every release
# and come only when asked for: `cmake --install BUILD --component plugin-api-draft`.
include(CMakePackageConfigHelpers)
include(${CMAKE_CURRENT_LIST_DIR}/version.cmake)

set(BATON_CMAKE_DIR ${CMAKE_INSTALL_DATADIR}/cmake/baton-plugin)
set(BATON_TEMPLATE_DIR ${CMAKE_INSTALL_DATADIR}/baton/plugin-template)
set(BATON_CHECK_DIR ${CMAKE_INSTALL_BINDIR})
set(BATON_PLUGIN_DIR lib/baton/plugins)  # where batond looks, and not in a multiarch directory
set(_pc_dir ${CMAKE_INSTALL_DATADIR}/pkgconfig)
file(RELATIVE_PATH BATON_PREFIX_FROM_PC /${_pc_dir} /)
string(REGEX REPLACE "/$" "" BATON_PREFIX_FROM_PC ${BATON_PREFIX_FROM_PC})

set(_made ${CMAKE_CURRENT_BINARY_DIR}/package)
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/baton-pluginConfig.cmake.in ${_made}/baton-pluginConfig.cmake
  INSTALL_DESTINATION ${BATON_CMAKE_DIR} PATH_VARS BATON_TEMPLATE_DIR BATON_PLUGIN_DIR BATON_CHECK_DIR)
write_basic_package_version_file(${_made}/baton-pluginConfigVersion.cmake
  VERSION ${BATON_ABI_VERSION} COMPATIBILITY SameMajorVersion ARCH_INDEPENDENT)
configure_file(${CMAKE_CURRENT_LIST_DIR}/baton-plugin.pc.in ${_made}/baton-plugin.pc @ONLY)

install(TARGETS baton_plugin-api EXPORT baton-plugin COMPONENT plugin-api)
install(EXPORT baton-plugin NAMESPACE baton::plugin:: FILE baton-pluginTargets.cmake DESTINATION ${BATON_CMAKE_DIR}
        COMPONENT plugin-api)
install(FILES ${_made}/baton-pluginConfig.cmake ${_made}/baton-pluginConfigVersion.cmake
              ${CMAKE_CURRENT_LIST_DIR}/add_plugin.cmake ${CMAKE_CURRENT_LIST_DIR}/plugin.map
        DESTINATION ${BATON_CMAKE_DIR} COMPONENT plugin-api)
install(FILES ${_made}/baton-plugin.pc DESTINATION ${_pc_dir} COMPONENT plugin-api)
install(DIRECTORY include/baton DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT plugin-api
        FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp" PATTERN draft EXCLUDE)
install(DIRECTORY include/baton/draft DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/baton COMPONENT plugin-api-draft EXCLUDE_FROM_ALL)
install(DIRECTORY template/ DESTINATION ${BATON_TEMPLATE_DIR} COMPONENT plugin-api PATTERN build EXCLUDE PATTERN "*.so" EXCLUDE)
set(_check ${PROJECT_SOURCE_DIR}/daemon/plugin_check)
install(FILES README.md GUIDE.md ${_check}/TRANSCRIPTS.md ${_check}/CHECKS.md ${_check}/REPORT.md
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/baton/plugin-api COMPONENT plugin-api)
