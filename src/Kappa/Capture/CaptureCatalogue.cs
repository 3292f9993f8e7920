using System.Globalization;

namespace Kappa.Capture;

/// <summary>What lies in a store, before anything of it is read.</summary>
internal static class CaptureCatalogue
{
    /// <summary>The files of a hub by partition, each list in the order of its paths.</summary>
    public static async Task<Dictionary<int, List<CapturedFile>>> ListAsync(ICaptureStore store, string prefix, CancellationToken cancellationToken)
    {
        var files = new Dictionary<int, List<CapturedFile>>();
        await foreach (var path in store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
        {
            if (!CaptureLayout.TryParse(path, out var name) || !int.TryParse(name.Partition, NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
                continue;
            if (!files.TryGetValue(partition, out var list))
                files.Add(partition, list = []);
            list.Add(new CapturedFile(path, name.Second));
        }
        return files;
    }

    /// <summary>Which log a file is of; null if it is by others, or its header is damaged, which is told when it is read.</summary>
    public static async ValueTask<CaptureOrigin?> OriginAsync(ICaptureStore store, string path, CancellationToken cancellationToken)
    {
        // A header that is damaged may name any log; what the index says is proven by its checksum.
        if (await CaptureIndexFile.FindAsync(store, path, cancellationToken).ConfigureAwait(false) is { } index)
            return index.Origin;
        try
        {
            using var blocks = new CaptureBlocks(new CaptureStoreStream(store, path), store.Describe(path));
            await blocks.OpenAsync(cancellationToken).ConfigureAwait(false);
            return blocks.Header.Origin;
        }
        catch (CaptureCorruptException)
        {
            return null;
        }
    }
}
