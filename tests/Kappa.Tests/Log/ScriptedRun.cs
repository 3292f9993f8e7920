using System.Globalization;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>
/// Appends of many shapes, with restarts in between, to a log that may crash at any time; remembers what was tried and
/// what was acknowledged, and checks a log against that.
/// </summary>
internal sealed class ScriptedRun(SimulatedDisk disk, FlushPolicy flush, int seed)
{
    private const string Place = "/data/log";

    private readonly Random _random = new(seed);
    private readonly List<List<(string Subject, string Id, int Size)>> _tried = [];
    private readonly HashSet<int> _acknowledged = [];

    public static LogOptions Options(FlushPolicy flush) =>
        new() { Partitions = 2, Flush = flush, SegmentBytesMax = 64 << 10, DuplicateWindow = 1000 };

    /// <summary>Runs the script until it ends or the disk crashes.</summary>
    public async Task RunAsync(int appends)
    {
        FileLog? log = null;
        try
        {
            for (var i = 0; i < appends; i++)
            {
                if (i % 5 == 0 && log is not null)
                    await log.DisposeAsync();
                if (i % 5 == 0)
                    log = FileLog.Open(Place, Options(flush), disk);
                _tried.Add(Invent(i));
                await AppendAsync(log!, i);
            }
        }
        catch (Exception e) when (e is SimulatedCrashException or LogUnavailableException)
        {
            Assert.True(disk.Crashed, e.ToString());
        }
        finally
        {
            if (log is not null)
                await log.DisposeAsync();
        }
    }

    /// <summary>Sends everything that was tried once more.</summary>
    public async Task RepeatAsync(FileLog log)
    {
        for (var i = 0; i < _tried.Count; i++)
            await AppendAsync(log, i);
    }

    public async Task CheckAsync(FileLog log, bool acknowledgedAreThere, string when = "")
    {
        for (var p = 0; p < 2; p++)
        {
            Assert.True(log.Problem(p) is null, $"{when}: {log.Problem(p)}");
            var stored = await log.ReadAllAsync(p, recorded => (Id: recorded.IdText(), Size: recorded.Data.Length), bytesMax: 10_000);
            var position = stored.Select((one, at) => (one.Id, at)).GroupBy(one => one.Id).ToDictionary(group => group.Key, group => group.Select(one => one.at).ToArray());
            Assert.All(position, one => Assert.True(one.Value.Length == 1, $"{when}: {one.Key} is there {one.Value.Length} times"));
            var last = -1;
            for (var i = 0; i < _tried.Count; i++)
            {
                var part = _tried[i].Where(one => PartitionOf(one.Subject) == p).DistinctBy(one => one.Id).ToArray();
                var there = part.Where(one => position.ContainsKey(one.Id)).ToArray();
                Assert.True(there.Length == part.Length || there.Length == 0, $"{when}: append {i} is there in part");
                Assert.True(there.Length == part.Length || !acknowledgedAreThere || !_acknowledged.Contains(i), $"{when}: append {i} is lost");
                foreach (var one in there)
                {
                    Assert.Equal(one.Size, stored[position[one.Id][0]].Size);
                    Assert.True(position[one.Id][0] == ++last, $"{when}: {one.Id} is out of order");
                }
            }
            Assert.Equal(last + 1, stored.Count);
        }
    }

    private async Task AppendAsync(FileLog log, int index)
    {
        using var batch = new EventBatch();
        foreach (var (subject, id, size) in _tried[index])
            batch.Add(subject, id, new string('x', size));
        var result = await log.AppendAsync(batch);
        Assert.Equal(batch.Count, result.Appended + result.Duplicates);
        _acknowledged.Add(index);
    }

    /// <summary>A few events, some of them large, now and then with one twice.</summary>
    private List<(string Subject, string Id, int Size)> Invent(int append)
    {
        var events = new List<(string Subject, string Id, int Size)>();
        var count = append % 4 == 3 ? 12 : 1 + _random.Next(4);
        for (var i = 0; i < count; i++)
            events.Add(($"{_random.Next(8)}", string.Create(CultureInfo.InvariantCulture, $"{append}-{i}"),
                _random.Next(6) == 0 ? 30_000 : append % 7 == 6 && i == 0 ? 90_000 : _random.Next(2000)));
        if (append % 3 == 0)
            events.Add(events[0]);
        return events;
    }

    private static int PartitionOf(string subject) => StableHash.Partition(System.Text.Encoding.UTF8.GetBytes(subject), 2);
}
