// Crypto memory: what the crypto hardware has for TLS connections, given out in blocks.
//
// Scope: the limit of one connection and of all together; blocks given back twice; messages 402128
//   and 402129.
// Limitations: connections are the scenario's (`ssl-connection`); there is no TLS. A sound device
//   never gives a block back twice; here a connection that is reset in its handshake always runs into
//   that defect. The limits are inferred. 402128 prints as the limit what a connection could have had
//   at that moment, which in a full pool is less than what one connection may have (inferred).
// State: a block of DmaPool for each connection, at most DmaPool::kBound; beyond that a request is
//   denied with limit 0. Fresh at boot.
// Validation: none.
// References: syslog guide 402128, 402129.
#include "messages/crypto_accelerator.hpp"
#include "model/base/bounded_table.hpp"
#include "model/contract/declarations.hpp"
#include "model/state/dma_pool.hpp"

namespace asaemu {

namespace {

constexpr std::uint32_t kPoolBase = 0xD000'0000;
constexpr std::uint64_t kPoolMax = 0x2000'0000;  ///< up to the end of the address space and less

class CryptoMemory final : public Subsystem {
 public:
  explicit CryptoMemory(Claims& claims)
      : pool_(kPoolBase, size_of_pool(claims.option<std::uint64_t>("crypto-memory"))),
        limit_(claims.option<std::uint64_t>("ssl-memory-limit")),
        cleanup_time_(claims.option<SimDuration>("ssl-cleanup-time")) {}

  static void declare(Declarations<CryptoMemory>& declare);

 private:
  static std::uint32_t size_of_pool(std::uint64_t wanted) {
    const auto size = static_cast<std::uint32_t>(std::min(wanted, kPoolMax));
    return size / DmaPool::kAlignment * DmaPool::kAlignment;
  }

  void on_connection(Context& context, const Arguments& arguments);
  void open(Context& context, std::uint64_t id, std::uint64_t size);
  void release(Context& context, std::uint32_t address);
  void on_timer(Context& context, std::uint16_t, std::uint64_t data) override {
    release(context, static_cast<std::uint32_t>(data));
  }

  DmaPool pool_;
  BoundedTable<std::uint64_t, std::uint32_t> connections_{DmaPool::kBound};  ///< their blocks
  std::uint64_t limit_;
  SimDuration cleanup_time_;
};

void CryptoMemory::declare(Declarations<CryptoMemory>& declare) {
  declare.option(FieldDef{.name = "ssl-memory-limit", .kind = FieldKind::kNumber}, "100000000",
                 "most bytes that one TLS connection may have of the crypto hardware's memory");
  declare.option(FieldDef{.name = "crypto-memory", .kind = FieldKind::kNumber}, "268435456",
                 "bytes of memory that the crypto hardware has in all, at most 512 MB");
  declare.option(FieldDef{.name = "ssl-cleanup-time", .kind = FieldKind::kDuration}, "0:00:05",
                 "time from a TLS connection's reset to its clean-up");
  static constexpr std::array<std::string_view, 3> kEvents{"open", "close", "reset"};
  declare.world<&CryptoMemory::on_connection>(
      "ssl-connection",
      "a peer's TLS connection takes memory of the crypto hardware, or leaves it; one that the "
      "peer "
      "resets in its handshake runs into a defect of the software and is cleaned up twice",
      {{FieldDef{.name = "ssl-connection", .kind = FieldKind::kOneOf, .choices = kEvents},
        "what happens to it"},
       {FieldDef{.name = "id", .kind = FieldKind::kNumber}, "a number that names the connection"},
       {FieldDef{.name = "memory", .kind = FieldKind::kNumber},
        "bytes it asks for when it opens; 65536 if left out", false}});
}

void CryptoMemory::on_connection(Context& context, const Arguments& arguments) {
  const auto id = arguments.get<std::uint64_t>("id");
  const auto& event = arguments.get<std::string>("ssl-connection");
  if (event == "open") {
    open(context, id, arguments.get_or<std::uint64_t>("memory", 65'536));
    return;
  }
  const std::uint32_t* block = connections_.find(id);
  if (block == nullptr) return;
  const std::uint32_t address = *block;
  connections_.erase(id);
  release(context, address);
  if (event == "reset") context.after(cleanup_time_, 0, address);
}

/// A connection may have what one connection is allowed, and no more than there is.
void CryptoMemory::open(Context& context, std::uint64_t id, std::uint64_t size) {
  if (connections_.find(id) != nullptr) return;
  const std::uint64_t limit =
      connections_.full() ? 0 : std::min<std::uint64_t>(limit_, pool_.largest_gap());
  const auto address = size <= limit ? pool_.allocate(size) : std::nullopt;
  if (address) {
    connections_.insert(id, *address);
  } else {
    context.emit(msg::CryptoLargeAllocationFailed{.size = size, .limit = limit});
  }
}

/// Gives a block back. If that was done before, the address may be another connection's by now; then
/// it is that one's own release that fails.
void CryptoMemory::release(Context& context, std::uint32_t address) {
  if (!pool_.release(address)) context.emit(msg::CryptoDmaReleaseFailed{.address = Hex32{address}});
}

}  // namespace

void register_crypto_memory(Registry& registry);
void register_crypto_memory(Registry& registry) {
  registry.add<CryptoMemory>("crypto_memory");
}

}  // namespace asaemu
