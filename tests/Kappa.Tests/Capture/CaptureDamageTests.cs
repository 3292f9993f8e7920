using Kappa.Capture;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>Capture files of ours that are cut, flipped, empty or missing: an error that names file and byte, or no harm at all.</summary>
public sealed class CaptureDamageTests
{
    private const string Folder = "/capture/kappa/log/0/2026/01/02/03/04/";
    private const string File = Folder + "05.avro", Index = Folder + "05.index";

    [Fact]
    public async Task A_file_that_is_cut_off_anywhere_is_an_error_that_names_file_and_byte()
    {
        var (disk, _) = await SmallAsync();
        var length = disk.Bytes(File).Length;
        for (var cut = 0; cut < length; cut++)
        {
            var copy = disk.Copy();
            using (var file = copy.Open(File))
                file.SetLength(cut);
            await MustNameAsync(copy, cut, length);
        }
    }

    [Fact]
    public async Task Every_single_flip_in_a_file_is_found_and_named()
    {
        var (disk, _) = await SmallAsync();
        var length = disk.Bytes(File).Length;
        for (var at = 0; at < length; at++)
        {
            var copy = disk.Copy();
            copy.Flip(File, at, at % 8);
            await MustNameAsync(copy, at, length);
        }
    }

    [Fact]
    public async Task A_flip_or_a_cut_in_an_index_harms_nobody_as_it_is_made_anew()
    {
        var (disk, expected) = await SmallAsync();
        var index = disk.Bytes(Index);
        for (var at = 0; at < index.Length; at++)
        {
            var copy = disk.Copy();
            if (at % 3 == 0)
                using (var file = copy.Open(Index))
                    file.SetLength(at);
            else
                copy.Flip(Index, at, at % 8);
            Assert.Equal(expected, await ReadAsync(copy));
            Assert.Equal(index, copy.Bytes(Index));
        }
    }

    [Fact]
    public async Task Without_its_index_a_file_is_read_all_the_same_and_gets_it_back()
    {
        var (disk, expected) = await SmallAsync();
        var index = disk.Bytes(Index);
        disk.Delete(Index);
        Assert.Equal(expected, await ReadAsync(disk));
        Assert.Equal(index, disk.Bytes(Index));
    }

    [Fact]
    public async Task An_empty_file_is_an_error_and_so_is_one_that_is_gone()
    {
        var (disk, _) = await SmallAsync();
        var empty = disk.Copy();
        using (var file = empty.Open(File))
            file.SetLength(0);
        empty.Delete(Index);
        await MustNameAsync(empty, 0, 0);
        var captured = await OpenAsync(disk);
        disk.Delete(File);
        var error = await Assert.ThrowsAsync<LogCorruptException>(async () => await captured.ReadAsync(0, 0, 1));
        Assert.Contains(File, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_missing_between_others_is_an_error_and_never_a_hole()
    {
        await using var harness = await CaptureHarness.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            await harness.AppendAsync(20);
            await harness.Capture.CaptureAllAsync();
        }
        harness.Disk.Delete(harness.Files[1]);
        var captured = await CapturedLog.OpenAsync(new DirectoryCaptureStore("/capture", harness.Disk), harness.Log, harness.Options);
        using (var page = await captured.ReadAsync(0, 19, 1))
            Assert.Equal(20, page.Next);
        var error = await Assert.ThrowsAsync<LogCorruptException>(async () => await captured.ReadAsync(0, 20, 1));
        Assert.Contains("no file holds 20", error.Message, StringComparison.Ordinal);
        using (var page = await captured.ReadAsync(0, 40, 1))
            Assert.Equal(60, page.Next);
    }

    [Fact]
    public async Task A_file_of_another_log_is_never_taken_for_ours()
    {
        var (ours, _) = await SmallAsync();
        var (theirs, _) = await SmallAsync(ManualTime.Start.AddTicks(77));
        foreach (var path in new[] { File, Index })
        {
            ours.Delete(path);
            using var file = ours.Open(path);
            file.Write(0, theirs.Bytes(path));
        }
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(ours));
        Assert.Contains("two logs are never captured to one", error.Message, StringComparison.Ordinal);
    }

    private static async Task MustNameAsync(SimulatedDisk disk, long at, long length)
    {
        var captured = await OpenAsync(disk);
        // What is damaged at its very beginning or end shows when it is opened; anything else when it is read.
        var message = captured.Problem(0)
            ?? (await Assert.ThrowsAsync<LogCorruptException>(async () => await captured.ReadAllAsync(0, recorded => recorded.IdText()))).Message;
        Assert.Contains(File, message, StringComparison.Ordinal);
        var named = long.Parse(message.Split(" at byte ")[1].Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(named, 0, Math.Max(at, 0));
        Assert.InRange(named, 0, length);
    }

    private static async Task<List<string>> ReadAsync(SimulatedDisk disk) =>
        await (await OpenAsync(disk)).ReadAllAsync(0, recorded => $"{recorded.IdText()} {recorded.DataText()} {recorded.AppendedTicks}");

    private static Task<CapturedLog> OpenAsync(SimulatedDisk disk) => OpenedAs.OneAsync(disk);

    private static async Task<(SimulatedDisk Disk, List<string> Expected)> SmallAsync(DateTimeOffset? at = null)
    {
        var disk = new SimulatedDisk();
        var time = new ManualTime(at ?? ManualTime.Start);
        await using var log = FileLog.Open("/data", new LogOptions { Partitions = 1, DuplicateWindow = 100 }, disk, time);
        for (var i = 0; i < 4; i++)
        {
            using var batch = TestEvents.Batch(("a", $"first {i}"), ("b", $"second {i}"));
            await log.AppendAsync(batch);
        }
        var store = new DirectoryCaptureStore("/capture", disk);
        var options = new CaptureOptions();
        var captured = await CapturedLog.OpenAsync(store, log, options);
        Assert.Empty((await new LogCapture(log, captured, store, options, time).CaptureAllAsync()).Problems);
        return (disk, await captured.ReadAllAsync(0, recorded => $"{recorded.IdText()} {recorded.DataText()} {recorded.AppendedTicks}"));
    }

    /// <summary>Opens a capture for a log of a known id, without the log.</summary>
    private sealed class OpenedAs : ILogReader
    {
        public static Task<CapturedLog> OneAsync(SimulatedDisk disk) =>
            CapturedLog.OpenAsync(new DirectoryCaptureStore("/capture", disk), new OpenedAs(), new CaptureOptions());

        public long LogId => ManualTime.Start.UtcTicks;
        public int PartitionCount => 1;
        public long First(int partition) => 0;
        public long Next(int partition) => 0;
        public ValueTask<LogPage> ReadAsync(int partition, long from, int bytesMax, CancellationToken cancellationToken = default) => throw new NotSupportedException();
        public ValueTask WaitAsync(int partition, long sequence, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
