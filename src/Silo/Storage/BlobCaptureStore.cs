using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Kappa.Capture;

namespace Kappa.Silo.Storage;

/// <summary>
/// Capture files in a blob container: those that Event Hubs Capture wrote, and ours. A blob becomes visible when its list of
/// blocks is committed, whole or not at all. Thread-safe.
/// </summary>
public sealed class BlobCaptureStore(BlobContainerClient container) : ICaptureStore
{
    public string Describe(string name) => name.Length == 0 ? container.Uri.ToString() : $"{container.Uri}/{name}";

    /// <summary>In ordinal order, which is the order in which the service lists.</summary>
    public async IAsyncEnumerable<string> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var blobs = container.GetBlobsAsync(prefix: prefix, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await AskAsync(prefix, async () => await blobs.MoveNextAsync()))
            yield return blobs.Current.Name;
    }

    public async ValueTask<long?> LengthAsync(string name, CancellationToken cancellationToken = default) => await AskAsync<long?>(name, async () =>
    {
        try
        {
            var properties = await container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    });

    public async ValueTask<int> ReadAsync(string name, long offset, Memory<byte> into, CancellationToken cancellationToken = default) => await AskAsync(name, async () =>
    {
        if (into.IsEmpty)
            return 0;
        try
        {
            var blob = container.GetBlobClient(name);
            var download = await blob.DownloadStreamingAsync(new BlobDownloadOptions { Range = new HttpRange(offset, into.Length) }, cancellationToken);
            await using var content = download.Value.Content;
            return await content.ReadAtLeastAsync(into, into.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 416)
        {
            // The range begins behind the end of the file.
            return 0;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new FileNotFoundException($"The capture file {Describe(name)} is missing. Restore it from a backup.", name, e);
        }
    });

    public ValueTask<ICaptureUpload> CreateAsync(string name, CancellationToken cancellationToken = default) => new(new BlobUpload(container, name, this));

    /// <summary>A failure of the service as an <see cref="IOException"/>, which is what the core knows.</summary>
    internal async Task<T> AskAsync<T>(string name, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is RequestFailedException or Azure.Identity.AuthenticationFailedException or AggregateException { InnerException: RequestFailedException })
        {
            throw new IOException($"{Describe(name)}: {e.Message}", e);
        }
    }
}
