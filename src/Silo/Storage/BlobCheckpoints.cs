using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Kappa.Log;

namespace Kappa.Silo.Storage;

/// <summary>
/// How far the views have come, where whoever scales silos by the lag of the hub looks for it: KEDA's scaler for Event Hubs, with the strategy
/// <c>blobMetadata</c>. An empty blob for each partition, as Azure's own event processors write them. Nothing is ever read from here. Used by one at a time.
/// </summary>
/// <param name="space">The namespace's full host name.</param>
public sealed class BlobCheckpoints(BlobContainerClient container, string space, string hub, string consumerGroup)
{
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{space}/{hub}/{consumerGroup}/checkpoint/").ToLowerInvariant();
    private readonly Dictionary<int, long> _written = [];

    /// <summary>Writes what has changed since the last time.</summary>
    /// <exception cref="IOException">The container cannot be written.</exception>
    public async Task WriteAsync(Cut watermark, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(watermark);
        for (var partition = 0; partition < watermark.PartitionCount; partition++)
            if (!_written.TryGetValue(partition, out var before) || before != watermark[partition])
            {
                await WriteAsync(partition, watermark[partition] - 1, cancellationToken);
                _written[partition] = watermark[partition];
            }
    }

    /// <summary>The last sequence dealt with; -1 if there is none, which the scaler subtracts like any other.</summary>
    private async Task WriteAsync(int partition, long sequence, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(_prefix + partition.ToString(CultureInfo.InvariantCulture));
        var metadata = new Dictionary<string, string>
        {
            ["sequencenumber"] = sequence.ToString(CultureInfo.InvariantCulture),
            // A view knows no offsets. Scalers of today read the sequence only; older ones take an empty offset for "nothing yet".
            ["offset"] = "-1",
        };
        try
        {
            await blob.UploadAsync(Stream.Null, new BlobUploadOptions { Metadata = metadata }, cancellationToken);
        }
        catch (Exception e) when (e is RequestFailedException or Azure.Identity.AuthenticationFailedException or AggregateException { InnerException: RequestFailedException })
        {
            throw new IOException($"{blob.Uri}: {e.Message}", e);
        }
    }
}
