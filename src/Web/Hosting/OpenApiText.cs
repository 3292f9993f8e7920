using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kappa.Web.Hosting;

/// <summary>What the OpenAPI document says beyond the endpoints themselves.</summary>
internal static class OpenApiText
{
    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "OrleansKappa";
            document.Info.Description = "Append events to the log; read, list and watch the views that are folded from it.";
            return Task.CompletedTask;
        });
        // Handlers take every parameter as text, to refuse what does not fit in their own words.
        options.AddOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters ?? [])
                if (parameter is { Name: "take" or "from" or "partition", Schema: OpenApiSchema schema })
                {
                    schema.Type = JsonSchemaType.Integer;
                    schema.Minimum = parameter.Name == "take" ? "1" : "0";
                    schema.Maximum = parameter.Name == "take" ? "1000" : null;
                }
            return Task.CompletedTask;
        });
    }
}
