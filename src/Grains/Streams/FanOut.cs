using Kappa.Events;
using Kappa.Grains.Auditing;
using Kappa.Grains.Builds;
using Kappa.Grains.Instances;
using Kappa.Log;
using Kappa.Views;
using Orleans.Runtime;

namespace Kappa.Grains.Streams;

/// <summary>
/// Works out which streams the events of a partition go to: one for each instance of each live build that an event is routed to. Events of one
/// instance that come together travel together. Never throws for what an author's code throws: the auditor records it. Thread-safe.
/// </summary>
internal sealed class FanOut(ViewCatalogue catalogue, BuildDirectory builds, ILogReader log)
{
    private readonly Dictionary<(string, int), WindowReader> _readers = [];
    private readonly Lock _gate = new();

    /// <summary>The runs of a stretch of one partition, each instance's in order of sequence.</summary>
    public List<InstanceRun> Of(int partition, ReadOnlySpan<RecordedEvent> events)
    {
        var runs = new List<InstanceRun>();
        foreach (var build in Builds())
            if (ReaderOf(build) is { } reader)
                Add(runs, reader, build, partition, events);
        return runs;
    }

    /// <summary>The builds that streams bring events to, as far as this process knows.</summary>
    public IEnumerable<BuildName> Builds() => catalogue.Names.SelectMany(builds.Live);

    private static void Add(List<InstanceRun> runs, WindowReader reader, BuildName build, int partition, ReadOnlySpan<RecordedEvent> events)
    {
        var places = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var keys = default(RoutedKeys);
        for (var i = 0; i < events.Length; i++)
        {
            reader.Route(events[i], ref keys);
            for (var k = 0; k < keys.Count; k++)
                if (places.TryGetValue(keys[k], out var known))
                    known.Add(i);
                else
                    places[keys[k]] = [i];
        }
        var name = build.ToString();
        foreach (var (key, at) in places)
            runs.Add(new InstanceRun(InstanceStreamMapper.StreamOf(name, KeyText.Encode(key), partition),
                EventRun.Of(partition, events, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(at))));
    }

    /// <summary>Null if this silo does not have the code of the build: then the auditor, which runs where it is, brings its events.</summary>
    private WindowReader? ReaderOf(BuildName build)
    {
        lock (_gate)
        {
            if (!_readers.TryGetValue((build.View, build.Version), out var reader) && catalogue.Find(build.View, build.Version) is { } view)
                _readers[(build.View, build.Version)] = reader = WindowReader.Of(view, catalogue.Types, log);
            return reader;
        }
    }
}
