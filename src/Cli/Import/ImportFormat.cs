using System.Text;
using Kappa.Events;

namespace Kappa.Cli.Import;

/// <summary>A kind of file that can be imported: its name on the command line, and how it becomes events.</summary>
internal sealed record ImportFormat(string Name, string Description, Func<Stream, IEnumerable<ImportedEvent>> Events)
{
    private static readonly EventTypes _types = ShippedViews.Events().Seal();

    public static IReadOnlyList<ImportFormat> All { get; } =
    [
        new("cloudevents", "CloudEvents in JSON: an array of them, or one a line.", CloudEventFile.Events),
        new("online-retail", "The UCI 'Online Retail' CSV: one invoice is one event.",
            stream => RetailInvoices.Events(Text(stream), _types).Select(CloudEventJson.Of)),
        new("pgn", "Chess games of lichess.org in PGN: one event for the start, each half-move and the end.",
            stream => LichessGames.Events(Text(stream), _types).Select(CloudEventJson.Of)),
    ];

    private static StreamReader Text(Stream stream) => new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 1 << 16);
}
