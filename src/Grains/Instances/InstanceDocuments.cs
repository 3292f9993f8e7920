using Kappa.Engine.Records;
using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;

namespace Kappa.Grains.Instances;

/// <summary>The documents of one instance: that of its record, and the chunks of its history. Not thread-safe.</summary>
internal sealed class InstanceDocuments
{
    private const string Name = "instance";

    private readonly GrainsContext _context;
    private readonly BuildName _build;
    private readonly string _key;
    private readonly GrainDocuments _documents;

    public InstanceDocuments(GrainsContext context, BuildName build, string key)
    {
        (_context, _build, _key) = (context, build, key);
        _documents = new GrainDocuments(context.Storage, build.DocumentsOf(key));
        History = new PositionHistory(_documents);
    }

    public PositionHistory History { get; }

    /// <summary>A new document if there is none.</summary>
    /// <exception cref="InvalidDataException">It was damaged.</exception>
    public async Task<InstanceDocument> ReadAsync()
    {
        var document = await _documents.ReadAsync<InstanceDocument>(Name);
        if (_documents.Has(Name))
            document.MustBeWhole(_key);
        return document;
    }

    /// <exception cref="Orleans.Storage.InconsistentStateException">Another activation has written it.</exception>
    public Task WriteAsync(InstanceDocument document) => _documents.WriteAsync(Name, document);

    /// <summary>Deletes chunks that the document refers to no more. If this fails they are left over, and nothing else.</summary>
    public async Task ClearAsync(List<HistoryPointers> replaced)
    {
        try
        {
            foreach (var chunks in replaced)
                await History.ClearAsync(chunks);
        }
#pragma warning disable CA1031 // The document itself has been written.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _context.Log.LeftOver(_build, _key, e);
        }
    }

    /// <summary>Deletes them all; where the document was damaged nobody knows what chunks there are, and those are left over.</summary>
    public async Task DiscardAsync()
    {
        var document = await _documents.ReadAsync<InstanceDocument>(Name);
        if (!_documents.Has(Name))
            return;
        foreach (var chunks in ChunksOf(document))
            await History.ClearAsync(chunks);
        await _documents.ClearAsync<InstanceDocument>(Name);
    }

    private HistoryPointers[] ChunksOf(InstanceDocument document)
    {
        try
        {
            document.MustBeWhole(_key);
            var record = InstanceRecord.Read(document.Record);
            return [record.Applied, record.Held];
        }
        catch (InvalidDataException e)
        {
            _context.Log.LeftOver(_build, _key, e);
            return [];
        }
    }
}
