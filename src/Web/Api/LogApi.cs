using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Kappa.Events;
using Kappa.Log;
using Kappa.Web.Http;

namespace Kappa.Web.Api;

/// <summary>The log as it stands: its partitions, and their events in order.</summary>
public static class LogApi
{
    private const int PageBytes = 256 << 10;

    public static void MapLog(this IEndpointRouteBuilder api)
    {
        api.MapGet("/log", PartitionsAsync).WithSummary("Lists the partitions (the first sequence that can be read, and the one that the next event gets) and gives the current cut, for reads with at")
            .Produces<object>(200, contentType: "application/json").WithTags("Log");
        api.MapGet("/log/{partition}", EventsAsync).WithSummary("Reads events of a partition in order, as CloudEvents with kappapartition, kappasequence and kappatime")
            .WithDescription("'next' is the sequence to read on from; at the end of the log it stays the same. A page also ends at a bound of bytes.")
            .Produces<object>(200, contentType: "application/json").ProducesProblem(400).ProducesProblem(404).ProducesProblem(503).WithTags("Log");
    }

    private static Task PartitionsAsync(HttpContext context, ILogReader log) => JsonText.RespondAsync(context, log, static (json, log) =>
    {
        json.WriteStartObject();
        // As text: whoever keeps a checkpoint compares it, and numbers of 64 bits do not survive JavaScript.
        json.WriteString("id"u8, log.LogId.ToString(CultureInfo.InvariantCulture));
        var cut = LogCuts.EndOf(log);
        json.WriteString("cut"u8, CutText.Of(cut));
        json.WriteStartArray("partitions"u8);
        for (var partition = 0; partition < log.PartitionCount; partition++)
        {
            json.WriteStartObject();
            json.WriteNumber("partition"u8, partition);
            json.WriteNumber("first"u8, log.First(partition));
            json.WriteNumber("next"u8, cut[partition]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static async Task EventsAsync(HttpContext context, ILogReader log, WebLimits limits, string partition,
        [Description("The sequence to start at; by default the first that can be read")] string? from,
        [Description("How many at most: 100 by default, 1000 at most")] string? take)
    {
        if (!int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= log.PartitionCount)
            throw Problem.NotFound("unknown-partition", $"There is no partition '{partition}'; they run from 0 to {log.PartitionCount - 1}.", "partition").AsException();
        var (first, end, count) = (log.First(number), log.Next(number), QueryText.Take(take));
        var next = QueryText.Number("from", from, otherwise: first);
        if (next < first || next > end)
            throw Problem.BadRequest("from", $"from is {next}, but partition {number} holds the sequences {first} to {end - 1}, and the next is {end}.").AsException();
        // The first page is read before the answer begins, so that damage is told as a problem and not by breaking off.
        var page = await log.ReadAsync(number, next, PageBytes, context.RequestAborted);
        var response = context.Response;
        response.ContentType = "application/json";
        await using (var json = new Utf8JsonWriter(response.BodyWriter, JsonText.Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("items"u8);
            while (true)
            {
                using (page)
                    for (var i = 0; i < page.Count && count > 0; i++, count--, next++)
                    {
                        CloudEventWriter.Write(json, page.Events[i], withPosition: true);
                        await JsonText.FlushIfLargeAsync(context, json);
                    }
                if (page.Count == 0 || count == 0 || json.BytesCommitted >= limits.RequestBytesMax)
                    break;
                page = await log.ReadAsync(number, next, PageBytes, context.RequestAborted);
            }
            json.WriteEndArray();
            json.WriteNumber("next"u8, next);
            json.WriteEndObject();
        }
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
