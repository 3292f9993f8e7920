using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>
/// One shard of the keys, lookups and ranks of a build; its key is <c>build/shard</c>. What it was told it has durably when the call ends. It follows
/// the instances a moment behind; no window counts as audited before its instances stand here.
/// </summary>
[Alias("kappa.view-index")]
public interface IViewIndexGrain : IGrainWithStringKey
{
    [Alias("update")]
    Task UpdateAsync(List<IndexEntry> entries);

    /// <summary>The first keys with a prefix, from one on (after it).</summary>
    [Alias("keys")]
    Task<List<IndexEntry>> KeysAsync(string prefix, string? after, int take);

    /// <summary>The first instances under a lookup value, after a value and key.</summary>
    [Alias("lookup")]
    Task<List<IndexEntry>> LookupAsync(int lookup, string value, bool prefix, string? afterValue, string? afterKey, int take);

    [Alias("top")]
    Task<List<IndexEntry>> TopAsync(int rank, int take);

    /// <summary>The first quarantined instances after a key.</summary>
    [Alias("quarantined")]
    Task<List<IndexEntry>> QuarantinedAsync(string? after, int take);

    [Alias("totals")]
    Task<IndexTotals> TotalsAsync();

    /// <summary>Ends when something changed since a stamp, or after some seconds; gives the stamp of now.</summary>
    [Alias("changed")]
    Task<long> ChangedAsync(long since);

    /// <summary>All keys that ever were, deleted instances too, in no order; for proofs and for discarding.</summary>
    [Alias("all")]
    Task<List<string>> AllAsync();

    /// <summary>Deletes all documents of the shard.</summary>
    [Alias("discard")]
    Task DiscardAsync();
}
