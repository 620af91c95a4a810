using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace HealthEval.Batches;

/// <summary>The file in an upload: the body itself, or the first file of a form as <c>curl -F file=@x</c> and browsers send it. Nothing is held in memory or unpacked here.</summary>
/// <param name="Name">As the request or the form names it; with <c>.gz</c> where the body is packed, since it is kept as it came and unpacked within the limits of every file.</param>
internal sealed record UploadBody(string? Name, Stream Content)
{
    private const int MostFields = 20;

    /// <summary>Null, and why, when there is no file that can be taken.</summary>
    public static async Task<(UploadBody? Body, string Fault)> OfAsync(HttpRequest request, string? name, CancellationToken cancellation)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && encoding is not ("identity" or "gzip" or "x-gzip"))
        {
            return (null, "Content-Encoding can be gzip or nothing.");
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return (new UploadBody(Packed(name, encoding), request.Body), "");
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || encoding is "gzip" or "x-gzip")
        {
            return (null, encoding.Length > 0 ? "A form cannot be packed as a whole; pack the file in it." : "The form has no boundary between its parts.");
        }

        var form = new MultipartReader(boundary, request.Body);
        try
        {
            for (var field = 0; field < MostFields && await form.ReadNextSectionAsync(cancellation) is { } section; field++)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) && disposition.IsFileDisposition())
                {
                    var given = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).Value;
                    return (new UploadBody(string.IsNullOrWhiteSpace(name) ? given : name, section.Body), "");
                }
            }
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return (null, "The form is damaged or was cut off. Send it again.");
        }

        return (null, "The form has no file in it. Send it as curl -F file=@FILE does.");
    }

    private static string? Packed(string? name, string encoding) =>
        encoding is "gzip" or "x-gzip" && name is not null && !name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? $"{name}.gz" : name;
}
