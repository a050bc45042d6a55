# A message with a field left out or mistyped must not compile, and for the right reason: cases.cpp compiles as it
# stands, and fails with the given error once one of its fields is replaced.
set(sample ${CMAKE_BINARY_DIR}/generated/sample)
set(sample_yaml ${CMAKE_CURRENT_LIST_DIR}/sample.yaml)
set(cases_cpp ${CMAKE_CURRENT_LIST_DIR}/cases.cpp)
get_filename_component(sources_root ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)

add_custom_command(
  OUTPUT ${sample}/messages/sample.hpp
  COMMAND catalogue_tool generate ${sample} ${sample_yaml}
  COMMAND ${CMAKE_COMMAND} -E touch ${sample}/messages/sample.hpp
  DEPENDS catalogue_tool ${sample_yaml}
  VERBATIM)
add_custom_target(asaemu_sample_messages ALL DEPENDS ${sample}/messages/sample.hpp)

# The errors to expect are GCC's, whatever compiles the rest.
find_program(ASAEMU_GXX NAMES g++-12 g++ REQUIRED)

function(asaemu_compile_test name source)
  add_test(NAME "compile: ${name}"
           COMMAND ${ASAEMU_GXX} -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only
                   -I${sources_root} -I${sample} ${ARGN} ${source})
endfunction()

asaemu_compile_test("a message with all its fields" ${cases_cpp})
asaemu_compile_test("the sample catalogue's data" ${sample}/catalogue_data.cpp)

function(asaemu_must_not_compile name error)
  list(TRANSFORM ARGN PREPEND "-D" OUTPUT_VARIABLE definitions)
  asaemu_compile_test("${name} is refused" ${cases_cpp} ${definitions})
  set_tests_properties("compile: ${name} is refused" PROPERTIES
                       PASS_REGULAR_EXPRESSION "error: .*${error}" ENVIRONMENT "LC_ALL=C")
endfunction()

asaemu_must_not_compile("a missing field" "Required\\(\\) .with T = asaemu::Spi" "SPI=")
asaemu_must_not_compile("a missing last field" "Required\\(\\) .with T = std::.*string_view"
                        "DETAIL=")
asaemu_must_not_compile("a port for an address"
                        "convert .*asaemu::Port. to .asaemu::Required<asaemu::IpAddress>"
                        "PEER=.peer=Port{22},")
asaemu_must_not_compile("an SPI for a hex number"
                        "convert .*asaemu::Spi. to .asaemu::Required<asaemu::Hex32>"
                        "SEQUENCE=.sequence=Spi{1},")
asaemu_must_not_compile("a number for an SPI"
                        "convert .*unsigned int. to .asaemu::Required<asaemu::Spi>" "SPI=.spi=1U,")
asaemu_must_not_compile("a bool for a number"
                        "convert .*bool. to .asaemu::Required<long unsigned int>"
                        "COUNT=.count=true,")
asaemu_must_not_compile("a signed number for a number"
                        "convert .*int. to .asaemu::Required<long unsigned int>" "COUNT=.count=60,")
asaemu_must_not_compile("a number for a text"
                        "convert .*unsigned int. to .asaemu::Required<std::.*string_view"
                        "DETAIL=.detail=7U,")
asaemu_must_not_compile("a number for a choice"
                        "convert .*int. to .asaemu::Required<asaemu::msg::SamplePacket::Verdict>"
                        "VERDICT=.verdict=0,")
asaemu_must_not_compile("a wrong order of fields"
                        "designator order for field .asaemu::msg::SamplePacket::spi."
                        "SPI=.sequence=Hex32{1}," "SEQUENCE=.spi=Spi{1},")
asaemu_must_not_compile("an unknown field" "no non-static data member named .port."
                        "DETAIL=.detail={},.port=Port{22},")
