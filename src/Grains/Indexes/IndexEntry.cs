using System.Text;
using Orleans;

namespace Kappa.Grains.Indexes;

/// <summary>What lists, lookups and ranks know of one instance.</summary>
[GenerateSerializer, Immutable]
public sealed record IndexEntry([property: Id(0)] string Key, [property: Id(1)] long Version, [property: Id(2)] long Generation, [property: Id(3)] long TimeTicks,
    [property: Id(4)] bool HasState, [property: Id(5)] long Held, [property: Id(6)] string?[] Lookups, [property: Id(7)] decimal?[] Ranks)
{
    private const int HeadBytesMax = 96, LookupBytesMax = 12, RankBytesMax = 24;

    /// <summary>What it takes in a document, at most.</summary>
    public int Bytes => HeadBytesMax + Encoding.UTF8.GetByteCount(Key) + Lookups.Sum(value => LookupBytesMax + Encoding.UTF8.GetByteCount(value ?? "")) + RankBytesMax * Ranks.Length;
}
