using System.Globalization;
using Kappa.Events;
using Kappa.Shop;

namespace Kappa.Cli.Import;

/// <summary>
/// The UCI "Online Retail" file as events: one invoice is one event, in the order of first lines, its lines as they are.
/// Lines of different invoices interleave, so all of the file is read before the first event is known.
/// </summary>
internal static class RetailInvoices
{
    private static readonly string[] _columns =
        ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"];

    /// <exception cref="FormatException">The file is not of this shape; says on which line.</exception>
    public static IEnumerable<CloudEvent> Events(TextReader text, EventTypes types)
    {
        foreach (var invoice in Read(text))
        {
            var (customer, number) = (invoice.CustomerId, invoice.Number);
            yield return CloudEvent.Of(types, Record(invoice), number, "/online-retail",
                customer is null ? $"order/{number}" : $"customer/{customer}", invoice.Time);
        }
    }

    private static List<RetailInvoice> Read(TextReader text)
    {
        var csv = new CsvReader(text);
        if (csv.Next() is not { } header || !header.SequenceEqual(_columns))
            throw new FormatException($"Line 1: the columns must be {string.Join(',', _columns)}.");
        var invoices = new List<RetailInvoice>();
        var byNumber = new Dictionary<string, RetailInvoice>();
        while (csv.Next() is { } fields)
        {
            if (fields.Count != _columns.Length)
                throw new FormatException($"Line {csv.Line}: {fields.Count} fields, but there are {_columns.Length} columns.");
            if (!byNumber.TryGetValue(fields[0], out var invoice))
            {
                invoice = new RetailInvoice(fields[0], Customer(fields[6]), Empty(fields[7]), Time(fields[4], csv.Line), []);
                byNumber.Add(fields[0], invoice);
                invoices.Add(invoice);
            }
            invoice.Lines.Add(new OrderLine
            {
                Sku = fields[1],
                Description = Empty(fields[2]),
                Quantity = int.TryParse(fields[3], CultureInfo.InvariantCulture, out var quantity) ? quantity : throw Bad("Quantity", fields[3], csv.Line),
                UnitPrice = decimal.TryParse(fields[5], CultureInfo.InvariantCulture, out var price) ? price : throw Bad("UnitPrice", fields[5], csv.Line),
            });
        }
        return invoices;
    }

    private static Order Record(RetailInvoice invoice)
    {
        var total = invoice.Lines.Sum(line => line.Quantity * line.UnitPrice);
        OrderLines lines = [.. invoice.Lines];
        var (id, customer, country) = (invoice.Number, invoice.CustomerId, invoice.Country);
        return id[..1] switch
        {
            "C" => new OrderCancelled { OrderId = id, CustomerId = customer, Country = country, Currency = "GBP", Lines = lines, Total = total },
            "A" => new OrderAdjusted { OrderId = id, CustomerId = customer, Country = country, Currency = "GBP", Lines = lines, Total = total },
            _ => new OrderPlaced { OrderId = id, CustomerId = customer, Country = country, Currency = "GBP", Lines = lines, Total = total },
        };
    }

    private static string? Customer(string field) => Empty(field.EndsWith(".0", StringComparison.Ordinal) ? field[..^2] : field);

    private static string? Empty(string field) => field.Length == 0 ? null : field;

    private static DateTimeOffset Time(string field, int line) => DateTime.TryParseExact(field, "yyyy-MM-dd HH:mm:ss",
        CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? new DateTimeOffset(time, TimeSpan.Zero) : throw Bad("InvoiceDate", field, line);

    private static FormatException Bad(string column, string value, int line) => new($"Line {line}: {column} is '{value}'.");
}
