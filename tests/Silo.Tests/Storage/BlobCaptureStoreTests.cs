using Azure.Storage.Blobs;
using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.Storage;
using Kappa.Tests.Log;
using Xunit.Abstractions;

namespace Kappa.Tests.Storage;

/// <summary>The capture store on blobs, on the emulator of Blob Storage.</summary>
public sealed class BlobCaptureStoreTests(ITestOutputHelper output) : IAsyncLifetime
{
    private Azurite? _azurite;

    public async Task InitializeAsync()
    {
        (_azurite, var why) = await Azurite.StartAsync();
        if (_azurite is null)
            output.WriteLine($"Not run: {why}.");
    }

    public async Task DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }

    [Fact]
    public async Task Files_are_written_whole_read_in_ranges_and_listed_in_order()
    {
        if (await StoreAsync() is not { } store)
            return;
        var content = Enumerable.Range(0, 9 << 20).Select(i => (byte)(i * 31)).ToArray();
        var names = new[] { "a/b/1.avro", "a/b.avro", "a/b/0.avro", "b/1.avro", "a/b/1.index" };
        foreach (var name in names)
            await WriteAsync(store, name, content.AsMemory(0, name == "b/1.avro" ? content.Length : 100));
        Assert.Equal(names.Order(StringComparer.Ordinal), await store.ListAsync("").ToListAsync());
        Assert.Equal(["a/b/0.avro", "a/b/1.avro", "a/b/1.index"], await store.ListAsync("a/b/").ToListAsync());
        Assert.Equal((9 << 20, 100, null), (await store.LengthAsync("b/1.avro"), await store.LengthAsync("a/b.avro"), await store.LengthAsync("c")));
        foreach (var (offset, length, expected) in new[] { (0, 10, 10), (4 << 20, 5 << 20, 5 << 20), ((9 << 20) - 3, 10, 3), (9 << 20, 10, 0), (0, 0, 0) })
        {
            var into = new byte[length];
            Assert.Equal(expected, await store.ReadAsync("b/1.avro", offset, into));
            Assert.True(content.AsSpan(offset, expected).SequenceEqual(into.AsSpan(0, expected)));
        }
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await store.ReadAsync("c", 0, new byte[1]));
        await WriteAsync(store, "a/b.avro", content.AsMemory(7, 5));
        Assert.Equal(5, await store.LengthAsync("a/b.avro"));
    }

    [Fact]
    public async Task A_file_that_is_not_complete_is_seen_by_nobody()
    {
        if (await StoreAsync() is not { } store)
            return;
        await using (var upload = await store.CreateAsync("half"))
        {
            await upload.WriteAsync(new byte[9 << 20]);
            Assert.Null(await store.LengthAsync("half"));
        }
        Assert.Empty(await store.ListAsync("").ToListAsync());
        Assert.Null(await store.LengthAsync("half"));
    }

    [Fact]
    public async Task A_container_that_is_missing_is_an_error_that_names_it()
    {
        if (_azurite is null)
            return;
        var store = new BlobCaptureStore(new BlobContainerClient(_azurite.ConnectionString, "nowhere"));
        var error = await Assert.ThrowsAsync<IOException>(async () => await store.ListAsync("").ToListAsync());
        Assert.Contains("/nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_captured_there_and_read_back_as_by_a_hub()
    {
        if (await StoreAsync() is not { } store)
            return;
        var directory = Directory.CreateTempSubdirectory("kappa-silo-");
        try
        {
            await using var log = FileLog.Open(directory.FullName, new LogOptions { Partitions = 2, SegmentBytesMax = 64 << 10 });
            using (var batch = new EventBatch())
            {
                for (var i = 0; i < 2000; i++)
                    batch.Add($"{i % 50}", $"{i}", $$"""{"text":"{{new string('x', i % 300)}}"}""");
                await log.AppendAsync(batch);
            }
            var settings = new CaptureOptions { Namespace = "space", Hub = "hub", BytesMax = 100 << 10 };
            var captured = await CapturedLog.OpenAsync(store, log, settings);
            Assert.Empty((await new LogCapture(log, captured, store, settings).CaptureAllAsync()).Problems);
            await using var hub = await CapturedHub.OpenAsync(store, "space", "hub", 2);
            for (var partition = 0; partition < 2; partition++)
            {
                var expected = await log.ReadAllAsync(partition, recorded => (recorded.AppendedTicks, Convert.ToHexString(recorded.Record.Span)));
                Assert.Equal(expected, await captured.ReadAllAsync(partition, recorded => (recorded.AppendedTicks, Convert.ToHexString(recorded.Record.Span))));
                var read = new List<(long, string)>();
                while (read.Count < expected.Count)
                {
                    using var page = await hub.ReadAsync(partition, read.Count, 50_000);
                    foreach (var recorded in page.Events)
                        read.Add((recorded.AppendedTicks, Convert.ToHexString(recorded.Record.Span)));
                }
                Assert.Equal(expected, read);
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private async Task<BlobCaptureStore?> StoreAsync()
    {
        if (_azurite is null)
            return null;
        var container = new BlobContainerClient(_azurite.ConnectionString, "capture");
        await container.CreateIfNotExistsAsync();
        return new BlobCaptureStore(container);
    }

    private static async Task WriteAsync(BlobCaptureStore store, string name, ReadOnlyMemory<byte> content)
    {
        await using var upload = await store.CreateAsync(name);
        for (var at = 0; at < content.Length; at += 3 << 20)
            await upload.WriteAsync(content[at..Math.Min(content.Length, at + (3 << 20))]);
        await upload.CompleteAsync();
    }
}
