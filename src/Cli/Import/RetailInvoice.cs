using Kappa.Shop;

namespace Kappa.Cli.Import;

/// <summary>One invoice with all of its lines.</summary>
internal sealed record RetailInvoice(string Number, string? CustomerId, string? Country, DateTimeOffset Time, List<OrderLine> Lines);
