using System.Text;
using Kappa.Events;

namespace Kappa.Cli.Import;

/// <summary>A kind of file that can be imported: its name on the command line, and how it becomes events.</summary>
internal sealed record ImportFormat(string Name, string Description, Func<ImportFile, IEnumerable<ImportedEvent>> Events)
{
    private static readonly EventTypes _types = ShippedViews.Events().Seal();

    public static IReadOnlyList<ImportFormat> All { get; } =
    [
        new("cloudevents", "CloudEvents in JSON: an array of them, or one a line.", file => CloudEventFile.Events(file.Content)),
        new("online-retail", "The UCI 'Online Retail' CSV: one invoice is one event.",
            file => RetailInvoices.Events(Text(file.Content), _types).Select(CloudEventJson.Of)),
        new("pgn", "Chess games of lichess.org in PGN: one event for the start, each half-move and the end.",
            file => LichessGames.Events(Text(file.Content), _types).Select(CloudEventJson.Of)),
        new("capture", "Files of Event Hubs Capture (Avro), ours or others'; what is no CloudEvent becomes one.", CaptureEvents.Of),
    ];

    private static StreamReader Text(Stream stream) => new(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, 1 << 16);
}
