using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>Reading a log that belongs to somebody else.</summary>
public sealed class LogSnapshotTests : IDisposable
{
    private static readonly LogOptions _options = new() { Partitions = 2, SegmentBytesMax = 64 << 10 };
    private readonly string _directory = Directory.CreateTempSubdirectory("kappa-snapshot-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task AppendAsync(FileLog log, int from, int count)
    {
        using var batch = new EventBatch();
        for (var i = from; i < from + count; i++)
            batch.Add($"s{i % 7}", $"{i}", new string('x', 500));
        Assert.Equal(count, (await log.AppendAsync(batch)).Appended);
    }

    /// <summary>Every file with its bytes, but for the lock, which nobody can read while it is held.</summary>
    private SortedDictionary<string, string> Bytes() => new(Directory.EnumerateFiles(_directory, "*", SearchOption.AllDirectories)
        .Where(path => !path.EndsWith("log.lock", StringComparison.Ordinal)).ToDictionary(path => path, path =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var memory = new MemoryStream();
            file.CopyTo(memory);
            return Convert.ToHexString(memory.ToArray());
        }), StringComparer.Ordinal);

    [Fact]
    public async Task It_reads_what_was_acknowledged_beside_a_log_that_goes_on_appending()
    {
        await using var log = FileLog.Open(_directory, _options);
        var appended = 0;
        using var stop = new CancellationTokenSource();
        var appending = Task.Run(async () =>
        {
            for (; !stop.IsCancellationRequested && appended < 200_000; Interlocked.Add(ref appended, 50))
                await AppendAsync(log, appended, 50);
        });
        for (var round = 0; round < 30; round++)
        {
            var before = Volatile.Read(ref appended);
            using var snapshot = LogSnapshot.Open(_directory);
            var ids = (await snapshot.AllIdsAsync()).Select(int.Parse).Order().ToList();
            Assert.Equal(ids.Distinct().Count(), ids.Count);
            Assert.True(ids.Count >= before, $"{ids.Count} of {before}");
            Assert.Equal(Enumerable.Range(0, before), ids.Where(id => id < before));
            Assert.Equal(log.LogId, snapshot.LogId);
        }
        await stop.CancelAsync();
        await appending;
        Assert.True(appended > 0);
    }

    [Fact]
    public async Task It_takes_no_lock_and_changes_no_byte()
    {
        await using (var log = FileLog.Open(_directory, _options))
        {
            await AppendAsync(log, 0, 500);
            var before = Bytes();
            using (var snapshot = LogSnapshot.Open(_directory))
                Assert.Equal(500, (await snapshot.AllIdsAsync()).Count);
            Assert.Equal(before, Bytes());
        }
        var closed = Bytes();
        using (var snapshot = LogSnapshot.Open(_directory))
        {
            Assert.Equal(500, (await snapshot.AllIdsAsync()).Count);
            Assert.Equal(closed, Bytes());
            await using var log = FileLog.Open(_directory, _options);
            await AppendAsync(log, 500, 10);
            Assert.Equal(500, (await snapshot.AllIdsAsync()).Count);
        }
    }

    [Fact]
    public async Task A_torn_tail_is_simply_the_end_and_stays_as_it_is()
    {
        await using (var log = FileLog.Open(_directory, _options))
            await AppendAsync(log, 0, 10);
        File.Delete(Path.Combine(_directory, "closed.json"));
        foreach (var partition in new[] { "00", "01" })
        {
            using var file = File.OpenWrite(Path.Combine(_directory, partition, Segment.NameOf(0)));
            file.Seek(0, SeekOrigin.End);
            file.Write([.. FrameHeader.Magic, 1, 2, 3]);
        }
        var before = Bytes();
        using var snapshot = LogSnapshot.Open(_directory);
        Assert.Equal(10, (await snapshot.AllIdsAsync()).Count);
        Assert.Equal(before, Bytes());
    }

    [Fact]
    public async Task Damage_is_named_and_not_read_over()
    {
        await using (var log = FileLog.Open(_directory, _options))
            await AppendAsync(log, 0, 10);
        var path = Path.Combine(_directory, "00", Segment.NameOf(0));
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^5] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        Assert.Contains(path, Assert.Throws<LogCorruptException>(() => LogSnapshot.Open(_directory)).Message);
    }

    [Fact]
    public void Where_there_is_no_log_none_is_made()
    {
        Assert.False(LogSnapshot.IsLog(_directory));
        Assert.Throws<FileNotFoundException>(() => LogSnapshot.Open(_directory));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory));
    }
}
