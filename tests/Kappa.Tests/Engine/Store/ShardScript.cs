using System.Collections.Immutable;
using System.Text;
using Kappa.Engine.Store;
using Kappa.Log;

namespace Kappa.Tests.Engine.Store;

/// <summary>
/// A random but repeatable load on one store, and beside it what should be there: per commit the text and the history
/// of every key. A chunk of history holds a text and the offset of the chunk before it.
/// </summary>
internal sealed class ShardScript(IDisk disk, int seed, bool cleaning = true)
{
    public const string Directory = "/data/store";
    public static readonly ShardStoreOptions Options = new() { SegmentBytesMax = 1500, GarbageBytesMin = 500 };

    private const int Keys = 12;
    private readonly Random _random = new(seed);
    private ImmutableDictionary<int, (string Text, ImmutableList<string> History)> _now = ImmutableDictionary<int, (string, ImmutableList<string>)>.Empty;
    private readonly Dictionary<int, long> _heads = [];
    private ShardStore? _store;
    private KeyIndex _index = new();

    public Dictionary<long, ImmutableDictionary<int, (string Text, ImmutableList<string> History)>> Commits { get; private init; } = new()
    {
        [0] = ImmutableDictionary<int, (string, ImmutableList<string>)>.Empty,
    };

    /// <summary>The last commit that returned, and the last one that a flush covered.</summary>
    public long Committed { get; private set; }

    public long Flushed { get; private set; }

    /// <summary>What the last commit's frame says of flushes: damage up to there is never taken for a tail.</summary>
    public long FlushedOnRecord { get; private set; }

    /// <summary>Makes the next commit fail with a full disk, and then succeed.</summary>
    public Action<bool>? FillDisk { get; init; }

    public int Moves => _index.Moves;

    public static Cut WatermarkOf(long commit) => new([commit * 7, commit]);

    /// <summary>The same past on another disk.</summary>
    public ShardScript On(IDisk other, int otherSeed) =>
        new(other, otherSeed, cleaning) { Commits = new(Commits), Committed = Committed, Flushed = Flushed, FillDisk = null };

    /// <summary>Opens the store, compares everything in it with some commit, and goes on from there; returns which.</summary>
    public long Open()
    {
        _index = new KeyIndex();
        _store = ShardStore.Open(disk, Directory, Options, _index);
        var commit = _store.CommitNumber;
        Compare();
        foreach (var later in Commits.Keys.Where(c => c > commit).ToList())
            Commits.Remove(later);
        _now = Commits[commit];
        Committed = commit;
        Flushed = Math.Min(Flushed, commit);
        return commit;
    }

    public void Run(int operations)
    {
        for (var i = 0; i < operations; i++)
            switch (_random.Next(20))
            {
                case < 11:
                    Put();
                    break;
                case < 16:
                    Commit();
                    break;
                case < 18 when cleaning:
                    _store!.Clean(_random.Next(1, 1500), _index);
                    break;
                default:
                    _store!.Flush();
                    Flushed = Committed;
                    break;
            }
    }

    public void Close() => _store?.Dispose();

    private void Put()
    {
        var key = _random.Next(Keys);
        var text = $"{key}:{_random.Next()}".PadRight(_random.Next(20, 120));
        var before = _heads.GetValueOrDefault(key, -1);
        _heads[key] = _store!.AppendHistory(Encoding.UTF8.GetBytes($"{before}|{text}"));
        _index.Put(_store, key, text, _heads[key]);
        _now = _now.SetItem(key, (text, (_now.TryGetValue(key, out var old) ? old.History : []).Add(text)));
    }

    private void Commit()
    {
        Commits[Committed + 1] = _now;
        if (FillDisk is not null && _random.Next(4) == 0)
        {
            FillDisk(true);
            Assert.Throws<DiskFullException>(() => _store!.Commit(WatermarkOf(Committed + 1)));
            FillDisk(false);
            Assert.Equal(Committed, _store!.CommitNumber);
            if (_random.Next(2) == 0)
                Put();
            Commits[Committed + 1] = _now;
        }
        _store!.Commit(WatermarkOf(Committed + 1));
        Committed++;
        FlushedOnRecord = Flushed;
    }

    private void Compare()
    {
        var expected = Commits[_store!.CommitNumber];
        Assert.Equal(_store.CommitNumber == 0 ? Cut.Zero : WatermarkOf(_store.CommitNumber), _store.Watermark);
        Assert.Equal(expected.Keys.Order(), _index.Addresses.Keys.Order());
        _heads.Clear();
        foreach (var (key, (text, history)) in expected)
        {
            Assert.True(_store.TryRead(_index.Addresses[key], out var record));
            using (record)
            {
                Assert.Equal(text, KeyIndex.TextOf(record.Span));
                _heads[key] = KeyIndex.HistoryOf(record.Span);
            }
            var at = _heads[key];
            foreach (var version in history.Reverse())
            {
                using var chunk = _store.ReadHistory(at);
                var parts = Encoding.UTF8.GetString(chunk.Span).Split('|');
                Assert.Equal(version, parts[1]);
                at = long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture);
            }
            Assert.Equal(-1, at);
        }
    }
}
