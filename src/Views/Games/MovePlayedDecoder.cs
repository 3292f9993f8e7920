using System.Text.Json;
using Kappa.Events;
using Kappa.Json;

namespace Kappa.Games;

/// <summary>
/// Reads half-moves straight from JSON: they are most of a game's events. Takes what the JSON contract takes, but for a
/// <c>ply</c> that no game can have.
/// </summary>
internal sealed class MovePlayedDecoder : IEventDecoder<MovePlayed>
{
    // Chess has some thousand moves that are played all the time; as one string each they cost the states next to nothing.
    private static readonly TextCache _moves = new(slotsAsPowerOfTwo: 12);

    [Flags]
    private enum Fields { Unknown = 0, GameId = 1, Ply = 2, San = 4, Required = GameId | Ply | San }

    public MovePlayed Decode(ref Utf8JsonReader reader) => Read(ref reader, keep: true)!;

    public void Validate(ref Utf8JsonReader reader) => Read(ref reader, keep: false);

    private static MovePlayed? Read(ref Utf8JsonReader reader, bool keep)
    {
        try
        {
            return ReadFields(ref reader, keep);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new EventDataException("data", e.Message, e);
        }
    }

    private static MovePlayed? ReadFields(ref Utf8JsonReader reader, bool keep)
    {
        JsonValues.ExpectObject(ref reader, "data");
        var (gameId, ply, san, seen) = ("", 0, "", Fields.Unknown);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            if ((seen & field) != 0)
                throw JsonValues.Twice(NameOf(field));
            seen |= field;
            reader.Read();
            switch (field)
            {
                case Fields.GameId when keep: gameId = JsonValues.Text(ref reader, "gameId"); break;
                case Fields.GameId: JsonValues.CheckText(ref reader, "gameId"); break;
                case Fields.Ply: ply = Ply(ref reader); break;
                case Fields.San when keep: san = JsonValues.Text(ref reader, "san", _moves); break;
                case Fields.San: JsonValues.CheckText(ref reader, "san"); break;
                default: reader.Skip(); break;
            }
        }
        if ((~seen & Fields.Required) is var missing and not Fields.Unknown)
            throw JsonValues.Missing(NameOf((Fields)((int)missing & -(int)missing)));
        return keep ? new MovePlayed { GameId = gameId, Ply = ply, San = san } : null;
    }

    private static int Ply(ref Utf8JsonReader reader) => JsonValues.Integer(ref reader, "ply") is var ply and >= 1 and <= MovePlayed.PlyMax
        ? ply
        : throw new EventDataException("data.ply", $"must be from 1 to {MovePlayed.PlyMax}");

    private static Fields FieldOf(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("gameId"u8) ? Fields.GameId
        : reader.ValueTextEquals("ply"u8) ? Fields.Ply
        : reader.ValueTextEquals("san"u8) ? Fields.San
        : Fields.Unknown;

    private static string NameOf(Fields field) => field switch
    {
        Fields.GameId => "gameId",
        Fields.Ply => "ply",
        _ => "san",
    };
}
