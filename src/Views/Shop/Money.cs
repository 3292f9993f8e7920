namespace Kappa.Shop;

/// <summary>Sums of money that come out the same to the byte in whatever order they are added up.</summary>
internal static class Money
{
    /// <summary>The exact sum, with the larger scale of the two.</summary>
    /// <exception cref="OverflowException">The sum has more digits than decimal holds; it is never rounded.</exception>
    public static decimal Plus(this decimal sum, decimal amount)
    {
        var result = sum + amount;
        // Decimal rounds in silence where digits run out, and then the order of additions would show.
        if (result.Scale < Math.Max(sum.Scale, amount.Scale))
            throw new OverflowException($"The sum of {sum} and {amount} has more digits than are kept exactly.");
        return result;
    }
}
