using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class HubSignIns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "HubSignIns",
                columns: table => new
                {
                    SignIn = table.Column<Guid>(type: "TEXT", nullable: false),
                    Clinic = table.Column<Guid>(type: "TEXT", nullable: false),
                    SessionKey = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    SubjectKey = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    StartedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    GivenAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_HubSignIns", x => new { x.SignIn, x.Clinic });
                });

            migrationBuilder.CreateIndex(
                name: "IX_HubSignIns_GivenAt",
                table: "HubSignIns",
                column: "GivenAt");

            migrationBuilder.CreateIndex(
                name: "IX_HubSignIns_SessionKey",
                table: "HubSignIns",
                column: "SessionKey");

            migrationBuilder.CreateIndex(
                name: "IX_HubSignIns_SubjectKey",
                table: "HubSignIns",
                column: "SubjectKey");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "HubSignIns");
        }
    }
}
