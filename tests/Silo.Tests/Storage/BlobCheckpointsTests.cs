using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Kappa.Log;
using Kappa.Silo.Storage;
using Xunit.Abstractions;

namespace Kappa.Tests.Storage;

/// <summary>Checkpoints as KEDA's scaler for Event Hubs reads them, on the emulator of Blob Storage.</summary>
public sealed class BlobCheckpointsTests(ITestOutputHelper output) : IAsyncLifetime
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
    public async Task Each_partition_has_a_blob_whose_metadata_is_the_last_sequence_dealt_with()
    {
        if (await ContainerAsync() is not { } container)
            return;
        // As for the SDK's event processors, all in lower case: the scaler asks for the consumer group like that.
        var checkpoints = new BlobCheckpoints(container, "Name.servicebus.windows.net", "Log", "$Default");
        await checkpoints.WriteAsync(new Cut([12, 0, 7_000_000_000]));
        Assert.Equal(
            [
                "name.servicebus.windows.net/log/$default/checkpoint/0 11", "name.servicebus.windows.net/log/$default/checkpoint/1 -1",
                "name.servicebus.windows.net/log/$default/checkpoint/2 6999999999",
            ],
            await WrittenAsync(container));
    }

    [Fact]
    public async Task Only_what_has_moved_is_written_again()
    {
        if (await ContainerAsync() is not { } container)
            return;
        var checkpoints = new BlobCheckpoints(container, "n.servicebus.windows.net", "log", "kappa");
        await checkpoints.WriteAsync(new Cut([1, 2]));
        await container.DeleteBlobAsync("n.servicebus.windows.net/log/kappa/checkpoint/0");
        await checkpoints.WriteAsync(new Cut([1, 3]));
        Assert.Equal(["n.servicebus.windows.net/log/kappa/checkpoint/1 2"], await WrittenAsync(container));
    }

    [Fact]
    public async Task A_container_that_is_missing_is_an_error_that_names_the_blob_and_what_was_not_written_is_tried_again()
    {
        if (_azurite is null)
            return;
        var container = new BlobContainerClient(_azurite.ConnectionString, "later");
        var checkpoints = new BlobCheckpoints(container, "n.servicebus.windows.net", "log", "kappa");
        var error = await Assert.ThrowsAsync<IOException>(() => checkpoints.WriteAsync(new Cut([1])));
        Assert.Contains("/later/n.servicebus.windows.net/log/kappa/checkpoint/0", error.Message, StringComparison.Ordinal);
        await container.CreateAsync();
        await checkpoints.WriteAsync(new Cut([1]));
        Assert.Equal(["n.servicebus.windows.net/log/kappa/checkpoint/0 0"], await WrittenAsync(container));
    }

    private async Task<BlobContainerClient?> ContainerAsync()
    {
        if (_azurite is null)
            return null;
        var container = new BlobContainerClient(_azurite.ConnectionString, "checkpoints");
        await container.CreateIfNotExistsAsync();
        return container;
    }

    private static async Task<string[]> WrittenAsync(BlobContainerClient container)
    {
        var written = new List<string>();
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata))
        {
            Assert.Equal((0L, "-1"), (blob.Properties.ContentLength, blob.Metadata["offset"]));
            written.Add($"{blob.Name} {blob.Metadata["sequencenumber"]}");
        }
        return [.. written];
    }
}
