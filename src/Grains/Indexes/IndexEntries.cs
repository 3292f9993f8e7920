using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>A page of an index shard.</summary>
[GenerateSerializer]
public sealed class IndexEntries
{
    [Id(0)]
    public List<IndexEntry> Items { get; set; } = [];

    /// <summary>Splits entries into parts of so many bytes at most; one that is larger is a part of its own.</summary>
    public static List<List<IndexEntry>> Split(IEnumerable<IndexEntry> entries, int bytesMax)
    {
        var parts = new List<List<IndexEntry>>();
        var bytes = 0;
        foreach (var entry in entries)
        {
            if (parts.Count == 0 || bytes + entry.Bytes > bytesMax)
            {
                parts.Add([]);
                bytes = 0;
            }
            parts[^1].Add(entry);
            bytes += entry.Bytes;
        }
        return parts;
    }
}
