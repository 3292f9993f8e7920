using System.Text;
using System.Text.Json;
using Kappa.Events;
using Kappa.Games;

namespace Kappa.Tests;

public sealed class GameEventsTests
{
    private static void Validate(string type, string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        Shipped.Types.Find(Encoding.UTF8.GetBytes(type))!.Validate(ref reader);
    }

    [Theory]
    [InlineData("""{"gameId":"g","ply":1,"san":"e4"}""")]
    [InlineData("""{"san":"e\u0034","x":{"san":1},"ply":20000,"game\u0049d":"g"}""")]
    public void A_move_reads_the_same_as_by_the_json_contract(string json)
    {
        var type = Shipped.Types.Find("game.move-played"u8)!;
        Validate(type.WireName, json);
        Assert.Equal(JsonSerializer.Deserialize(json, GameEventsJson.Default.MovePlayed), type.Decode(Encoding.UTF8.GetBytes(json)));
    }

    [Theory]
    [InlineData("""{"ply":1,"san":"e4"}""", "data.gameId")]
    [InlineData("""{"gameId":"g","ply":0,"san":"e4"}""", "data.ply")]
    [InlineData("""{"gameId":"g","ply":20001,"san":"e4"}""", "data.ply")]
    [InlineData("""{"gameId":"g","ply":"1","san":"e4"}""", "data.ply")]
    [InlineData("""{"gameId":"g","ply":1,"san":null}""", "data.san")]
    [InlineData("""{"gameId":"g","ply":1,"ply":1,"san":"e4"}""", "data.ply")]
    public void A_move_that_does_not_fit_names_its_field(string json, string field) =>
        Assert.Equal(field, Assert.Throws<EventDataException>(() => Validate("game.move-played", json)).Field);

    [Theory]
    [InlineData("\"result\":\"2-0\",\"startedAt\":\"2025-03-25T19:57:59Z\"", "data.result")]
    [InlineData("\"result\":null,\"startedAt\":\"2025-03-25T19:57:59Z\"", "data.result")]
    [InlineData("\"result\":\"*\",\"startedAt\":\"2025-03-25T19:57:59\"", "data.startedAt")]
    [InlineData("\"result\":\"*\",\"startedAt\":\"2025-03-25\"", "data.startedAt")]
    [InlineData("\"result\":\"*\",\"startedAt\":\"2025.03.25\"", "data.startedAt")]
    [InlineData("\"result\":\"*\",\"startedAt\":\"2025-03-25T19:57:59Z\",\"whiteRating\":\"1500\"", "data.whiteRating")]
    [InlineData("\"result\":\"*\"", "data")]
    public void An_end_of_game_that_does_not_fit_names_its_field(string members, string field) =>
        Assert.Equal(field, Assert.Throws<EventDataException>(() =>
            Validate("game.ended", $$"""{"gameId":"g","white":"a","black":"b",{{members}}}""")).Field);

    [Fact]
    public void Instants_are_kept_in_utc()
    {
        var ended = JsonSerializer.Deserialize("""{"gameId":"g","white":"a","black":"b","result":"1-0","startedAt":"2025-03-25T19:57:59.5+02:00"}""",
            GameEventsJson.Default.GameEnded)!;
        Assert.Contains("\"2025-03-25T17:57:59.5Z\"", JsonSerializer.Serialize(ended, GameEventsJson.Default.GameEnded));
    }
}
