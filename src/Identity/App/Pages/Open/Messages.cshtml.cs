using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>An email that did not leave.</summary>
public sealed record SentEmail(Guid Id, string Address, DateTimeOffset At, EmailText Text);

/// <summary>In a demonstration, and in development, no email leaves: here all can be read, by anyone, since who must confirm an address cannot sign in yet. Elsewhere there is no such page.</summary>
public sealed class MessagesModel(AccountsDbContext database, EmailTexts texts, EmailProtection protection, IEmailCarrier carrier) : PageModel
{
    private const int Shown = 50;

    public IReadOnlyList<SentEmail> Sent { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!carrier.KeepsWhatItCarries)
            return NotFound();
        var rows = await database.QueuedEmails.AsNoTracking()
            .Where(email => email.SentAt != null)
            .OrderByDescending(email => email.AskedAt)
            .Take(Shown)
            .ToListAsync(HttpContext.RequestAborted);
        Sent = [.. rows.Select(Read).OfType<SentEmail>()];
        return Page();
    }

    private SentEmail? Read(QueuedEmail email)
    {
        try
        {
            return new SentEmail(email.Id, email.Address, email.AskedAt, texts.Write(email.Kind, email.ProtectedToken is { } token ? protection.Unprotect(token) : null));
        }
        catch (CryptographicException)
        {
            // Of a demonstration that was started over with other keys.
            return null;
        }
    }
}
