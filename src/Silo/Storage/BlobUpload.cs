using System.Globalization;
using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using Kappa.Capture;

namespace Kappa.Silo.Storage;

/// <summary>
/// A blob that is being written, block by block. Nobody sees it before the list of its blocks is committed; blocks that are
/// never committed are removed by the service after a week.
/// </summary>
internal sealed class BlobUpload(BlobContainerClient container, string name, BlobCaptureStore store) : ICaptureUpload
{
    private const int BlockBytes = 4 << 20;

    private readonly BlockBlobClient _blob = container.GetBlockBlobClient(name);
    private readonly List<string> _blocks = [];
    private readonly MemoryStream _block = new();

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        await _block.WriteAsync(bytes, cancellationToken);
        if (_block.Length >= BlockBytes)
            await StageAsync(cancellationToken);
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_block.Length > 0)
            await StageAsync(cancellationToken);
        if (_blocks.Count == 0)
            throw new InvalidOperationException("Nothing was written.");
        await store.AskAsync(name, async () => await _blob.CommitBlockListAsync(_blocks, cancellationToken: cancellationToken));
    }

    public ValueTask DisposeAsync() => _block.DisposeAsync();

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        // Ids of one blob must be of one length.
        var id = Convert.ToBase64String(Encoding.ASCII.GetBytes(_blocks.Count.ToString("D6", CultureInfo.InvariantCulture)));
        _block.Position = 0;
        await store.AskAsync(name, async () => await _blob.StageBlockAsync(id, _block, cancellationToken: cancellationToken));
        _blocks.Add(id);
        _block.SetLength(0);
    }
}
