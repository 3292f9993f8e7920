namespace Kappa.Grains.Indexes;

/// <summary>What several senders told an index shard, on its way into one write; whoever shares it shares how that ended. Not thread-safe.</summary>
internal sealed class IndexUpdate
{
    private readonly Dictionary<string, IndexEntry> _entries = new(StringComparer.Ordinal);
    private Exception? _failure;

    /// <summary>True once it was written, or could not be.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Of several words about one instance the newest counts, whichever comes last.</summary>
    public void AddRange(List<IndexEntry> entries)
    {
        foreach (var entry in entries)
            if (!_entries.TryGetValue(entry.Key, out var known) || Age(entry).CompareTo(Age(known)) > 0)
                _entries[entry.Key] = entry;
    }

    /// <summary>Those that tell more than what is known of them (generation, version, held).</summary>
    public List<IndexEntry> NewestOf(Func<string, (long, long, long)?> known) => [.. _entries.Values.Where(entry => known(entry.Key) is not { } old || Age(entry).CompareTo(old) > 0)];

    public void Written() => IsOver = true;

    public void Failed(Exception failure) => (IsOver, _failure) = (true, failure);

    /// <exception cref="IOException">It could not be written.</exception>
    public void MustBeWritten()
    {
        if (_failure is not null)
            throw new IOException("The index could not be written together with other changes: " + _failure.Message, _failure);
    }

    /// <summary>Within a generation versions only go up, and at one version what is held only grows.</summary>
    private static (long, long, long) Age(IndexEntry entry) => (entry.Generation, entry.Version, entry.Held);
}
