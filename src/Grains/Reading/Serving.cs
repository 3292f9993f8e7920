using Kappa.Engine.Instances;
using Kappa.Engine.Records;
using Kappa.Grains.Auditing;
using Kappa.Grains.Builds;
using Kappa.Grains.Indexes;
using Kappa.Grains.Instances;
using Kappa.Log;
using Kappa.Views;
using Orleans;

namespace Kappa.Grains.Reading;

/// <summary>One build as its readers see it. Immutable.</summary>
internal sealed class Serving(IGrainFactory grains, IndexShards shards, View view, BuildEntry build)
{
    public BuildName Name => build.Name;
    public View View => view;

    public IViewGrain Instance(string key) => grains.GetGrain<IViewGrain>(build.Name.InstanceOf(key));

    public IPartitionAuditorGrain Auditor(int partition) => grains.GetGrain<IPartitionAuditorGrain>(PartitionAuditorGrain.KeyOf(build.Name, partition));

    public IEnumerable<IViewIndexGrain> Indexes => Enumerable.Range(0, shards.Count).Select(shard => grains.GetGrain<IViewIndexGrain>(IndexShards.GrainKey(build.Name, shard)));

    /// <summary>True if it serves since the same promotion.</summary>
    public bool IsSameAs(Serving other) => Name == other.Name && Generation(0) == other.Generation(0);

    /// <summary>The generation of tokens: the build's, and what the instance's re-folds add to it.</summary>
    public long Generation(long ofInstance) => build.Generation + ofInstance;

    /// <summary>An instance's record as an envelope; an absent one if it is empty.</summary>
    public ViewEnvelope Envelope(string key, byte[] record)
    {
        if (record.Length == 0)
            return Envelopes.Absent(view, key, Generation(0)) with { ViewVersion = build.Name.Version };
        var read = InstanceRecord.Read(record);
        return Envelopes.Of(view, read, record, 0) with { ViewVersion = build.Name.Version, Token = new WatchToken(Generation(read.Generation), read.Version) };
    }

    public async Task<ViewEnvelope> ReadAsync(string key) => Envelope(key, await Instance(key).ReadAsync().ConfigureAwait(false));

    /// <summary>The index entries of all shards.</summary>
    public async Task<List<IndexEntry>> AskAsync(Func<IViewIndexGrain, Task<List<IndexEntry>>> ask) =>
        [.. (await Task.WhenAll(Indexes.Select(ask)).ConfigureAwait(false)).SelectMany(found => found)];

    public int LookupOf(string name) => IndexOf(view.Lookups.Select(lookup => lookup.Name), "lookup", name);

    public int RankOf(string name) => IndexOf(view.Ranks.Select(rank => rank.Name), "rank", name);

    private int IndexOf(IEnumerable<string> names, string kind, string name)
    {
        var index = names.ToList().IndexOf(name);
        return index >= 0 ? index : throw new UnknownIndexException(view.Name, kind, name);
    }
}
